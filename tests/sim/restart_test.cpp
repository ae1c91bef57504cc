// What outlives the process: killed at any moment, changed while it was stopped, a store that fails.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <set>
#include <string>

#include "sim/restart_bench.h"
#include "watch/key_pattern.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

}  // namespace

TEST_CASE("killed_at_any_moment_nothing_is_lost_and_no_number_is_missing", "[restart]") {
    holds(
        "kill",
        [](RestartBench& bench) {
            bench.platform.kernel.create_key(kKey);
            bench.start();
            {
                Thread writer("writer", [&] {
                    for (std::uint8_t i = 1; i <= 3; ++i) {
                        bench.platform.kernel.set_value(kKey, u"v", dword(i));
                    }
                });
                Thread killer("killer", [&] {
                    const std::size_t wait = choose(8, "when to kill");
                    for (std::size_t i = 0; i < wait; ++i) switch_point("living on");
                    bench.dead = true;
                });
            }
            bench.kill();
            bench.start();
            bench.settle();
            bench.nothing_is_lost(dword(3));
            bench.stop();
        },
        3'000);
}

TEST_CASE("what_changed_while_it_was_stopped_is_reported_as_startup_with_its_time_bounds",
          "[restart]") {
    holds("startup", [](RestartBench& bench) {
        bench.platform.kernel.create_key(kKey);
        bench.platform.kernel.set_value(kKey, u"v", dword(1));
        bench.start();
        bench.settle();
        check(bench.changes.empty(), "the first start is the baseline");
        bench.stop();
        const WallTime stopped = bench.platform.kernel.wall_now();
        bench.platform.kernel.set_value(kKey, u"v", dword(2));
        bench.start();
        bench.settle();
        check(bench.changes.size() == 1, "not one change");
        const Change& change = bench.changes.front();
        check(change.before == dword(1) && change.after == dword(2), "another change");
        check(change.detection == Detection::startup, "not said to be found at the start");
        check(change.not_before != WallTime{} && change.not_before <= stopped, "a wrong bound");
        bench.stop();
        bench.start();
        bench.settle();
        check(bench.changes.size() == 1, "reported twice");
        bench.stop();
    });
}

TEST_CASE("keys_that_come_and_go_below_a_pattern_while_it_was_stopped_are_reported", "[restart]") {
    holds("pattern", [](RestartBench& bench) {
        bench.watch.keys = {key_path(u"P\\*")};
        bench.platform.kernel.create_key(key_path(u"P\\Old"));
        bench.start();
        bench.settle();
        bench.stop();
        bench.platform.kernel.delete_key(key_path(u"P\\Old"));
        bench.platform.kernel.create_key(key_path(u"P\\New"));
        bench.start();
        bench.settle();
        std::set<std::u16string> seen;
        for (const Change& change : bench.changes) {
            check(change.detection == Detection::startup, "not said to be found at the start");
            seen.insert((change.kind == DifferenceKind::key_created ? u"+" : u"-") +
                        change.key.subkey);
        }
        check(seen == std::set<std::u16string>{u"+P\\New", u"-P\\Old"}, "not both, or more");
        bench.stop();
    });
}

TEST_CASE("killed_at_any_moment_a_key_that_came_below_a_pattern_is_reported", "[restart]") {
    for (const char16_t* const pattern : {u"P\\*", u"P\\*\\Deep"}) {
        const KeyPath found =
            key_path(pattern == std::u16string_view(u"P\\*") ? u"P\\New" : u"P\\New\\Deep");
        holds(
            "kill below a pattern, " + std::string(found.subkey.size() > 5 ? "deep" : "flat"),
            [&](RestartBench& bench) {
                bench.watch.keys = {key_path(pattern)};
                bench.platform.kernel.create_key(key_path(u"P\\Old\\Deep"));
                bench.start();
                bench.settle();
                {
                    Thread writer("writer", [&] {
                        bench.platform.kernel.create_key(found);
                        bench.platform.kernel.set_value(found, u"v", dword(1));
                    });
                    Thread killer("killer", [&] {
                        bench.life.dies_at = bench.life.moments + 1 + choose(8, "when to die");
                    });
                }
                bench.settle();
                bench.kill();
                bench.start();
                bench.settle();
                const bool is_told = std::any_of(
                    bench.changes.begin(), bench.changes.end(), [&](const Change& change) {
                        return change.kind == DifferenceKind::key_created && change.key == found;
                    });
                check(is_told, "a new key was taken for one that had been there");
                bench.stop();
            },
            1'500);
    }
}

TEST_CASE("a_key_whose_name_looks_like_its_pattern_has_a_baseline_of_its_own", "[restart]") {
    holds(
        "key named like its pattern",
        [](RestartBench& bench) {
            const KeyPath star = key_path(u"P\\*");
            bench.watch.keys = {star};
            bench.platform.kernel.create_key(star);
            bench.platform.kernel.create_key(key_path(u"P\\Old"));
            bench.platform.kernel.set_value(star, u"v", dword(1));
            bench.start();
            bench.settle();
            bench.stop();
            bench.platform.kernel.set_value(star, u"v", dword(2));
            bench.platform.kernel.create_key(key_path(u"P\\New"));
            bench.start();
            bench.settle();
            std::set<std::u16string> seen;
            for (const Change& change : bench.changes) seen.insert(change.key.subkey);
            check(bench.changes.size() == 2, "not both, or more");
            check(seen == std::set<std::u16string>{u"P\\*", u"P\\New"}, "not the two keys");
            bench.stop();
        },
        150);
}

TEST_CASE("keys_of_a_pattern_that_came_and_went_are_reported_when_the_names_can_be_read",
          "[restart]") {
    // Whether the new key has written itself down before the names are compared.
    const bool is_changed_before = GENERATE(false, true);
    holds(
        is_changed_before ? "pattern, late, changed before" : "pattern, late",
        [is_changed_before](RestartBench& bench) {
            auto& kernel = bench.platform.kernel;
            bench.watch.keys = {key_path(u"P\\*")};
            kernel.create_key(key_path(u"P\\Old"));
            kernel.create_key(key_path(u"P\\Stays"));
            bench.start();
            bench.settle();
            bench.stop();
            kernel.delete_key(key_path(u"P\\Old"));
            kernel.create_key(key_path(u"P\\New"));
            bench.start(StoreState::locked);
            bench.settle();
            check(bench.changes.empty(), "compared with nothing");
            kernel.create_key(key_path(u"P\\Meanwhile"));
            bench.settle();
            bench.mortal->fail_all(StoreState::ready);
            Scheduler::current()->sleep_for(2min);
            if (is_changed_before) kernel.set_value(key_path(u"P\\New"), u"v", dword(1));
            bench.settle();
            kernel.create_key(key_path(u"P\\Last"));
            bench.settle();
            std::multiset<std::u16string> seen;
            for (const Change& change : bench.changes) {
                if (is_about_a_value(change.kind)) continue;
                seen.insert((change.kind == DifferenceKind::key_created ? u"+" : u"-") +
                            change.key.subkey);
            }
            check(seen == std::multiset<std::u16string>{u"+P\\Last", u"+P\\Meanwhile", u"+P\\New",
                                                        u"-P\\Old"},
                  "not each once");
            bench.stop();
            const std::size_t before = bench.changes.size();
            bench.start();
            bench.settle();
            check(bench.changes.size() == before, "reported again");
            bench.stop();
        },
        300);
}

TEST_CASE("what_an_action_was_still_owed_is_delivered_after_the_next_start", "[restart]") {
    holds("owed", [](RestartBench& bench) {
        bench.platform.kernel.create_key(kKey);
        bench.start();
        bench.hang = true;
        for (std::uint8_t i = 1; i <= 2; ++i) {
            bench.platform.kernel.set_value(kKey, u"v", dword(i));
            bench.settle();
        }
        check(bench.changes.empty(), "delivered although the action hangs");
        bench.stop();
        check(bench.changes.empty(), "delivered although it was cancelled");
        bench.start();
        bench.settle();
        bench.nothing_is_lost(dword(2));
        check(bench.changes.size() == 2, "not both");
        bench.stop();
        check(bench.store.counts()->pending == 0, "something is owed for ever");
    });
}

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

TEST_CASE("what_found_no_room_finds_none_after_a_restart_and_is_no_change", "[restart]") {
    holds(
        "at the limit",
        [](RestartBench& bench) {
            bench.watch.limits.entries = 3;
            bench.platform.kernel.create_key(kKey);
            for (const char16_t* name : {u"a", u"b", u"c", u"d", u"e"}) {
                bench.platform.kernel.set_value(kKey, name, dword(1));
            }
            for (int run = 0; run < 3; ++run) {
                bench.start();
                bench.settle();
                check(bench.changes.empty(), "what is left out is reported as new");
                check(bench.engine->status().watches.front().state == WatchState::at_limit,
                      "nothing is said to be left out");
                bench.stop();
            }
        },
        150);
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

TEST_CASE("started_with_another_control_set_what_differs_from_the_last_is_reported", "[restart]") {
    const bool by_link = GENERATE(true, false);
    holds(by_link ? "control set by its link" : "control set by its number",
          [by_link](RestartBench& bench) {
              const auto select = [&](std::uint8_t number) {
                  bench.platform.kernel.set_value(key_path(u"SYSTEM\\Select"), u"Current",
                                                  dword(number));
              };
              const auto number = [&](std::uint8_t set) {
                  return key_path(set == 1 ? u"SYSTEM\\ControlSet001\\K"
                                           : u"SYSTEM\\ControlSet002\\K");
              };
              bench.platform.kernel.create_key(key_path(u"SYSTEM\\Select"));
              for (const std::uint8_t set : {std::uint8_t{1}, std::uint8_t{2}}) {
                  bench.platform.kernel.create_key(number(set));
                  bench.platform.kernel.set_value(number(set), u"v", dword(set));
              }
              select(1);
              bench.watch.keys = {by_link ? key_path(u"SYSTEM\\CurrentControlSet\\K") : number(1)};
              bench.start();
              bench.settle();
              bench.stop();
              select(2);
              if (!by_link) bench.watch.keys = {number(2)};
              bench.start();
              bench.settle();
              // Who names another key means another key.
              check(bench.changes.size() == (by_link ? 1U : 0U), "not as many changes");
              if (by_link) {
                  const Change& change = bench.changes.front();
                  check(change.key.folded() == number(2).folded(), "of another key");
                  check(change.before == dword(1) && change.after == dword(2), "another change");
                  check(change.detection == Detection::startup,
                        "not said to be found at the start");
              }
              bench.stop();
              // It is what the last one was, and not what it was itself.
              bench.platform.kernel.set_value(number(1), u"v", dword(2));
              select(1);
              if (!by_link) bench.watch.keys = {number(1)};
              bench.start();
              bench.settle();
              check(bench.changes.size() == 1, "not compared with the last one, or not its own");
              bench.stop();
              bench.platform.kernel.set_value(number(1), u"v", dword(1));
              bench.start();
              bench.settle();
              check(bench.changes.size() == 2, "what was kept is of another key");
              check(bench.changes.back().key.folded() == number(1).folded(), "of another key");
              check(bench.changes.back().before == dword(2), "what was kept is of another time");
              bench.stop();
              // Back to a control set in which nothing has changed, but which differs from this one.
              select(2);
              if (!by_link) bench.watch.keys = {number(2)};
              bench.start();
              bench.settle();
              check(bench.changes.size() == (by_link ? 3U : 2U), "not switched back");
              bench.stop();
          });
}

}  // namespace regwatch::sim
