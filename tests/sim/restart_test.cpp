// What outlives the process: killed at any moment, and changed while it was stopped.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <set>
#include <string>

#include "sim/restart_bench.h"

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
