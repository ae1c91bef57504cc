// Started again with another selection of values, or with values whose data is concealed.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "sim/restart_bench.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

}  // namespace

TEST_CASE("another_selection_after_a_restart_is_no_change", "[restart]") {
    holds(
        "another selection",
        [](RestartBench& bench) {
            bench.platform.kernel.create_key(kKey);
            bench.platform.kernel.set_value(kKey, u"v", dword(1));
            bench.platform.kernel.set_value(kKey, u"w", dword(1));
            bench.start();
            bench.settle();
            bench.stop();
            bench.watch.selection.exclude_values = {u"w"};
            bench.start();
            bench.settle();
            bench.stop();
            bench.watch.selection.exclude_values.clear();
            bench.platform.kernel.set_value(kKey, u"v", dword(2));
            bench.start();
            bench.settle();
            check(bench.changes.size() == 1, "what is selected was taken for a change");
            check(bench.changes.front().value_name == u"v", "another change");
            bench.stop();
            bench.platform.kernel.set_value(kKey, u"w", dword(2));
            bench.start();
            bench.settle();
            check(bench.changes.size() == 2, "the new selection was not kept");
            bench.stop();
        },
        150);
}

TEST_CASE("a_redacted_value_that_changed_while_it_was_stopped_is_reported_without_its_data",
          "[restart]") {
    holds(
        "redacted",
        [](RestartBench& bench) {
            bench.watch.selection.redact = {u"v"};
            bench.platform.kernel.create_key(kKey);
            bench.platform.kernel.set_value(kKey, u"v", dword(1));
            bench.start();
            bench.settle();
            bench.stop();
            bench.platform.kernel.set_value(kKey, u"v", dword(2));
            bench.start();
            bench.settle();
            check(bench.changes.size() == 1, "not one change");
            const Change& change = bench.changes.front();
            check(change.before->redacted && change.before->bytes.empty(), "the old data is told");
            check(change.after->redacted && change.after->bytes.empty(), "the new data is told");
            bench.stop();
        },
        150);
}

TEST_CASE("a_redacted_value_is_compared_when_the_state_can_be_read_late", "[restart]") {
    const bool has_changed = GENERATE(true, false);
    holds(
        has_changed ? "redacted, late" : "redacted, late, unchanged",
        [has_changed](RestartBench& bench) {
            bench.watch.selection.redact = {u"v"};
            bench.platform.kernel.create_key(kKey);
            bench.platform.kernel.set_value(kKey, u"v", dword(1));
            bench.start();
            bench.settle();
            bench.stop();
            if (has_changed) bench.platform.kernel.set_value(kKey, u"v", dword(2));
            bench.start(StoreState::locked);
            bench.settle();
            check(bench.changes.empty(), "compared with nothing");
            bench.mortal->fail_all(StoreState::ready);
            Scheduler::current()->sleep_for(2min);
            bench.platform.kernel.set_value(kKey, u"w", dword(7));
            bench.settle();
            std::multiset<std::u16string> names;
            for (const Change& change : bench.changes) {
                names.insert(change.value_name);
                if (change.value_name != u"v") continue;
                check(change.detection == Detection::startup, "not said to be found at the start");
                check(change.before->redacted && change.after->redacted, "the data is told");
            }
            check(names == (has_changed ? std::multiset<std::u16string>{u"v", u"w"}
                                        : std::multiset<std::u16string>{u"w"}),
                  has_changed ? "what changed before is absorbed" : "told although it is the same");
            bench.platform.kernel.set_value(kKey, u"v", dword(3));
            bench.settle();
            check(bench.changes.size() == names.size() + 1, "not told any more, or twice");
            bench.stop();
            bench.start();
            bench.settle();
            check(bench.changes.size() == names.size() + 1, "what was kept is of another key");
            bench.stop();
        },
        300);
}

}  // namespace regwatch::sim
