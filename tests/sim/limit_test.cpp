// More than a watch may keep.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "sim/engine_bench.h"

namespace regwatch::sim {
namespace {

constexpr std::size_t kLimitSchedules = 300;

bool is_at_limit(const EngineBench& bench) {
    const auto all = bench.engine->status().watches;
    return std::any_of(all.begin(), all.end(), [](const WatchStatus& watch) {
        return watch.state == WatchState::at_limit;
    });
}

void set(EngineBench& bench, std::u16string_view name, std::uint8_t value = 1) {
    bench.platform.kernel.set_value(kKey, name, dword(value));
    Scheduler::current()->settle();
}

std::size_t said(const EngineBench& bench, EventId id) { return bench.platform.journal.count(id); }

}  // namespace

TEST_CASE("at_the_limit_what_comes_is_left_out_and_said_to_be_until_there_is_room", "[limit]") {
    holds(
        "limit of a watch",
        [](EngineBench& bench) {
            bench.platform.kernel.create_key(kKey);
            Settings settings = EngineBench::settings_for({kKey});
            settings.watches[0].limits.entries = 5;
            bench.make(settings);
            bench.engine->start();
            for (const char16_t* name : {u"a", u"b", u"c"}) set(bench, name);
            check(said(bench, EventId::limit_at_80) == 0, "said too early");
            set(bench, u"d");
            check(said(bench, EventId::limit_at_80) == 1, "80 percent not said once");
            set(bench, u"e");
            check(said(bench, EventId::limit_reached) == 1, "100 percent not said once");
            check(!is_at_limit(bench), "nothing is left out yet");
            set(bench, u"f");
            check(is_at_limit(bench), "no state says that something is left out");
            check(bench.first.sequences.size() == 5, "beyond the limit, and reported");
            bench.platform.kernel.delete_value(kKey, u"a");
            Scheduler::current()->settle();
            set(bench, u"e", 2);
            // The deletion, the new data, and what comes at last.
            check(bench.first.sequences.size() == 8, "what had no room is not found later");
            check(!is_at_limit(bench), "still said to be left out");
            bench.stop();
        },
        kLimitSchedules);
}

TEST_CASE("the_limit_of_all_watches_holds_and_a_reload_can_raise_it", "[limit]") {
    holds(
        "limit of all",
        [](EngineBench& bench) {
            bench.platform.kernel.create_key(kKey);
            Settings settings = EngineBench::settings_for({kKey});
            settings.limits.entries = 1;
            bench.make(settings);
            bench.engine->start();
            set(bench, u"a");
            set(bench, u"b");
            check(is_at_limit(bench), "more than all watches may keep");
            check(said(bench, EventId::limit_reached) == 1, "not said once");
            settings.limits.entries = 10;
            check(bench.reload(settings), "refused");
            set(bench, u"c");
            check(bench.first.sequences.size() == 3, "the new limit does not hold");
            check(!is_at_limit(bench), "still said to be left out");
            bench.stop();
        },
        kLimitSchedules);
}

}  // namespace regwatch::sim
