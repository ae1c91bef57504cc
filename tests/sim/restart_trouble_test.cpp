// Killed, stopped and started again while the store fails, is damaged or is another one.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <set>
#include <string>

#include "sim/restart_bench.h"
#include "watch/key_pattern.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

}  // namespace

TEST_CASE("while_the_store_fails_changes_are_delivered_and_it_is_said_once", "[restart]") {
    holds("failing store", [](RestartBench& bench) {
        bench.platform.kernel.create_key(kKey);
        bench.start();
        bench.settle();
        bench.mortal->fail_all(StoreState::full);
        for (std::uint8_t i = 1; i <= 2; ++i) {
            bench.platform.kernel.set_value(kKey, u"v", dword(i));
            bench.settle();
        }
        bench.platform.kernel.set_value(kKey, u"w", dword(3));
        bench.settle();
        bench.nothing_is_lost(dword(3));
        check(bench.platform.journal.count(EventId::state_not_kept) == 1, "not said once");
        check(bench.engine->status().store == StoreState::full, "the state has no name");
        bench.mortal->fail_all(StoreState::ready);
        bench.platform.kernel.set_value(kKey, u"v", dword(4));
        Scheduler::current()->sleep_for(2min);
        bench.settle();
        check(bench.platform.journal.count(EventId::state_kept_again) == 1, "the end is not told");
        bench.platform.kernel.set_value(kKey, u"v", dword(5));
        bench.settle();
        bench.stop();
        check(bench.store.history({})->size() == 5, "not all is in the history");
        bench.start();
        bench.settle();
        check(bench.changes.size() == 5, "the baseline missed something");
        bench.stop();
    });
}

TEST_CASE("a_baseline_that_cannot_be_read_at_the_start_is_compared_when_it_can", "[restart]") {
    holds("late comparison", [](RestartBench& bench) {
        bench.platform.kernel.create_key(kKey);
        bench.platform.kernel.set_value(kKey, u"v", dword(1));
        bench.start();
        bench.settle();
        bench.stop();
        bench.platform.kernel.set_value(kKey, u"v", dword(2));
        bench.start(StoreState::locked);
        bench.settle();
        check(bench.changes.empty(), "compared with nothing");
        bench.mortal->fail_all(StoreState::ready);
        Scheduler::current()->sleep_for(2min);
        bench.settle();
        bench.platform.kernel.set_value(kKey, u"w", dword(7));
        bench.settle();
        std::set<std::u16string> names;
        for (const Change& change : bench.changes) names.insert(change.value_name);
        check(names == std::set<std::u16string>{u"v", u"w"}, "what changed before is absorbed");
        bench.stop();
    });
}

TEST_CASE("a_change_before_the_store_could_be_read_takes_no_number_that_another_has", "[restart]") {
    const bool is_marked = GENERATE(true, false);
    holds(is_marked ? "numbers set aside" : "unknown count", [is_marked](RestartBench& bench) {
        bench.mark.fail_all(!is_marked);
        bench.platform.kernel.create_key(kKey);
        bench.start();
        for (std::uint8_t i = 1; i <= 3; ++i) {
            bench.platform.kernel.set_value(kKey, u"v", dword(i));
            bench.settle();
        }
        bench.stop();
        bench.start(StoreState::locked);
        bench.settle();
        for (std::uint8_t i = 1; i <= 2; ++i) {
            bench.platform.kernel.set_value(kKey, u"w", dword(i));
            bench.settle();
        }
        check(bench.changes.size() == 5, "not delivered while the store fails");
        check(bench.unnumbered.size() == (is_marked ? 0U : 2U),
              "numbered although nobody knows how, or not although it is known");
        check(bench.platform.journal.count(EventId::numbers_not_kept) == (is_marked ? 0U : 1U),
              "not told, or told although all have their numbers");
        bench.mortal->fail_all(StoreState::ready);
        Scheduler::current()->sleep_for(2min);
        bench.platform.kernel.set_value(kKey, u"v", dword(4));
        bench.settle();
        bench.kill();
        const auto history = bench.store.history({});
        // What the late comparison finds is told once more.
        check(history->size() >= 6, "not all is in the history");
        check(bench.gaps() == (is_marked ? 1U : 0U) && bench.gaps() == bench.gaps_told(),
              "a number is missing");
        std::set<std::string> stored;
        for (const SharedChange& change : *history) stored.insert(change->id);
        for (const std::string& id : bench.unnumbered)
            check(stored.contains(id), "under another id than it was delivered with");
        for (const auto& [number, id] : bench.ids)
            check(stored.contains(id), "under another id than it was delivered with");
        bench.start();
        bench.platform.kernel.set_value(kKey, u"v", dword(5));
        bench.settle();
        check(bench.changes.back().sequence == history->back()->sequence + 1,
              "the numbers do not go on");
        bench.stop();
    });
}

TEST_CASE("killed_while_the_store_cannot_be_written_the_next_run_gives_other_numbers",
          "[restart]") {
    const bool is_readable = GENERATE(true, false);
    holds(is_readable ? "killed in an outage" : "killed in an outage, then another",
          [is_readable](RestartBench& bench) {
              bench.platform.kernel.create_key(kKey);
              bench.start();
              bench.platform.kernel.set_value(kKey, u"v", dword(1));
              bench.settle();
              bench.mortal->fail_all(StoreState::full);
              for (std::uint8_t i = 2; i <= 4; ++i) {
                  bench.platform.kernel.set_value(kKey, u"v", dword(i));
                  bench.settle();
              }
              check(bench.ids.rbegin()->first == 4, "the numbers do not go on in the outage");
              check(bench.mark.writes() == 2, "written more than once when it begins");
              bench.kill();
              bench.start(is_readable ? StoreState::ready : StoreState::locked);
              bench.platform.kernel.set_value(kKey, u"v", dword(5));
              bench.settle();
              bench.mortal->fail_all(StoreState::ready);
              Scheduler::current()->sleep_for(2min);
              bench.platform.kernel.set_value(kKey, u"v", dword(6));
              bench.settle();
              check(bench.changes.back().after == dword(6), "the last state was not delivered");
              check(bench.gaps_told() == 1, "the gap is not told, or not once");
              bench.stop();
              // All that was given is stored: nothing is left out any more.
              const std::uint64_t last = bench.ids.rbegin()->first;
              bench.start();
              bench.platform.kernel.set_value(kKey, u"v", dword(7));
              bench.settle();
              check(bench.ids.rbegin()->first == last + 1, "a gap without a reason");
              check(bench.gaps_told() == 1, "a gap is told that is none");
              bench.stop();
          });
}

TEST_CASE("numbers_that_nobody_can_set_aside_are_not_given_and_that_is_told_once", "[restart]") {
    holds(
        "nothing can be written",
        [](RestartBench& bench) {
            bench.platform.kernel.create_key(kKey);
            bench.start();
            bench.platform.kernel.set_value(kKey, u"v", dword(1));
            bench.settle();
            bench.mortal->fail_all(StoreState::full);
            bench.mark.fail_writing(true);
            for (std::uint8_t i = 2; i <= 4; ++i) {
                bench.platform.kernel.set_value(kKey, u"v", dword(i));
                bench.settle();
            }
            check(bench.changes.size() == 4 && bench.unnumbered.size() == 3,
                  "a number that may be given again");
            check(bench.platform.journal.count(EventId::numbers_not_kept) == 1, "not told once");
            bench.mortal->fail_all(StoreState::ready);
            Scheduler::current()->sleep_for(2min);
            bench.platform.kernel.set_value(kKey, u"v", dword(5));
            bench.settle();
            check(bench.gaps() == 0 && bench.store.history({})->size() == 5,
                  "no numbers when they are written down");
            bench.kill();
            check(bench.store.counts()->pending <= 1, "owed although it was delivered");
            bench.start();
            bench.platform.kernel.set_value(kKey, u"v", dword(6));
            bench.settle();
            check(bench.changes.back().sequence == 6, "the numbers do not go on");
            bench.stop();
        },
        300);
}

TEST_CASE("numbers_go_on_in_a_new_store", "[restart]") {
    holds(
        "another store",
        [](RestartBench& bench) {
            bench.platform.kernel.create_key(kKey);
            bench.start();
            for (std::uint8_t i = 1; i <= 3; ++i) {
                bench.platform.kernel.set_value(kKey, u"v", dword(i));
                bench.settle();
            }
            bench.stop();
            bench.failing_call = 1;
            bench.failing_with = StoreState::damaged;
            bench.start();
            bench.mortal->damage(bench.another_store);
            Scheduler::current()->sleep_for(2min);
            bench.settle();
            bench.platform.kernel.set_value(kKey, u"v", dword(4));
            bench.settle();
            check(bench.changes.back().after == dword(4), "the last state was not delivered");
            check(bench.changes.back().sequence > 3, "counted anew");
            check(bench.gaps_told() == 1, "the gap is not told");
            check(bench.another_store.history({})->size() == 1, "not in the new history");
            bench.stop();
        },
        150);
}

TEST_CASE("damage_that_nobody_but_the_heartbeat_meets_is_told_and_all_that_is_known_is_kept_anew",
          "[restart]") {
    holds(
        "damaged while it runs",
        [](RestartBench& bench) {
            const KeyPath pattern = key_path(u"P\\*");
            const KeyPath below = key_path(u"P\\One");
            MemoryStore& another = bench.another_store;
            bench.state.heartbeat = 15min;
            bench.watch.keys = {kKey, pattern};
            bench.platform.kernel.create_key(kKey);
            bench.platform.kernel.set_value(kKey, u"v", dword(1));
            bench.platform.kernel.create_key(below);
            bench.start();
            bench.settle();
            // Past the upkeep.
            Scheduler::current()->sleep_for(11min);
            bench.mortal->damage(another);
            Scheduler::current()->sleep_for(5min);
            bench.settle();
            check(bench.platform.journal.count(EventId::state_damaged) == 1, "not told");
            check(bench.engine->status().store == StoreState::ready, "not well again");
            check(another.baselines()->size() == 3, "not all that is known");
            const auto key = another.baseline("test", kKey);
            check(key->has_value() && (*key)->state && (*key)->state->values.size() == 1,
                  "the key is not as it is");
            const auto names = another.baseline("test", KeyPattern(pattern, 0).names_row());
            check(names->has_value() && (*names)->state && (*names)->state->subkeys.size() == 1,
                  "the names are not known");
            bench.platform.kernel.set_value(kKey, u"v", dword(2));
            bench.settle();
            bench.nothing_is_lost(dword(2));
            check(another.history({})->size() == 1, "not in the new history");
            bench.kill();
        },
        150);
}

TEST_CASE("what_was_only_in_memory_is_owed_when_the_store_is_well_again", "[restart]") {
    holds("owed late", [](RestartBench& bench) {
        bench.platform.kernel.create_key(kKey);
        bench.start();
        bench.settle();
        bench.hang = true;
        bench.mortal->fail_all(StoreState::full);
        for (std::uint8_t i = 1; i <= 2; ++i) {
            bench.platform.kernel.set_value(kKey, u"v", dword(i));
            bench.settle();
        }
        bench.mortal->fail_all(StoreState::ready);
        Scheduler::current()->sleep_for(2min);
        bench.platform.kernel.set_value(kKey, u"w", dword(9));
        bench.settle();
        check(bench.changes.empty(), "delivered although the action hangs");
        bench.kill();
        bench.start();
        bench.settle();
        bench.nothing_is_lost(dword(9));
        bench.stop();
        check(bench.store.counts()->pending == 0, "something is owed for ever");
    });
}

TEST_CASE("what_was_delivered_from_memory_is_not_owed_when_the_store_is_well_again", "[restart]") {
    const StoreState trouble = GENERATE(StoreState::full, StoreState::ready);
    holds(trouble == StoreState::full ? "delivered early" : "delivered before it had a number",
          [trouble](RestartBench& bench) {
              bench.platform.kernel.create_key(kKey);
              bench.start(trouble == StoreState::full ? StoreState::ready : StoreState::locked);
              bench.settle();
              bench.mortal->fail_all(StoreState::full);
              for (std::uint8_t i = 1; i <= 2; ++i) {
                  bench.platform.kernel.set_value(kKey, u"v", dword(i));
                  bench.settle();
              }
              check(bench.changes.size() == 2, "not delivered while the store fails");
              bench.mortal->fail_all(StoreState::ready);
              Scheduler::current()->sleep_for(2min);
              bench.settle();
              check(bench.store.history({})->size() == 2, "not in the history");
              check(bench.store.counts()->pending == 0, "owed although it was delivered");
              bench.stop();
          });
}

}  // namespace regwatch::sim
