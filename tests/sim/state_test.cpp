// What is compared with what was seen before, and by when: settings that change, hives, clocks, and the
// pulse that says that all of it works.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>
#include <string>

#include "sim/restart_bench.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kStateSchedules = 300;

const KeyPath kBelow = key_path(u"A\\K\\Below");

std::set<std::u16string> values_of(const RestartBench& bench) {
    std::set<std::u16string> names;
    for (const Change& change : bench.changes) {
        if (change.kind == DifferenceKind::value_set) names.insert(change.value_name);
    }
    return names;
}

// Something is in the key, and a first run has seen it.
void seen_by_a_first_run(RestartBench& bench) {
    bench.platform.kernel.create_key(kBelow);
    bench.platform.kernel.set_value(kKey, u"v", dword(1));
    bench.platform.kernel.set_value(kBelow, u"deep", dword(1));
    bench.start();
    bench.settle();
    check(bench.changes.empty(), "the first start is the baseline");
}

}  // namespace

TEST_CASE("what_is_in_a_key_at_the_first_start_is_reported_where_the_settings_say_so", "[state]") {
    holds(
        "report at the first start",
        [](RestartBench& bench) {
            bench.state.on_first_start = Unseen::report;
            bench.platform.kernel.create_key(kKey);
            bench.platform.kernel.set_value(kKey, u"v", dword(1));
            bench.start();
            bench.settle();
            check(bench.changes.size() == 2, "not the key and its value");
            for (const Change& change : bench.changes) {
                check(change.detection == Detection::startup, "not said to be found at the start");
                check(change.not_before == WallTime{}, "seen before it was seen");
            }
            bench.stop();
            bench.start();
            bench.settle();
            check(bench.changes.size() == 2, "reported at every start");
            bench.watch.keys.push_back(key_path(u"B\\New"));
            bench.platform.kernel.create_key(key_path(u"B\\New"));
            bench.reload();
            bench.settle();
            check(bench.changes.size() == 3, "not the key that a reload has brought");
            check(bench.changes.back().detection == Detection::reload, "not said to be a reload's");
            bench.stop();
        },
        kStateSchedules);
}

TEST_CASE("a_baseline_that_cannot_be_read_at_the_start_makes_nothing_new", "[state]") {
    holds(
        "report without a baseline",
        [](RestartBench& bench) {
            bench.state.on_first_start = Unseen::report;
            bench.platform.kernel.create_key(kKey);
            bench.platform.kernel.set_value(kKey, u"v", dword(1));
            bench.start(StoreState::locked);
            bench.settle();
            check(bench.changes.empty(), "reported although nobody knows");
            bench.mortal->fail_all(StoreState::ready);
            Scheduler::current()->sleep_for(2min);
            bench.settle();
            bench.platform.kernel.set_value(kKey, u"w", dword(2));
            bench.settle();
            check(values_of(bench) == std::set<std::u16string>{u"v", u"w"}, "not all of it is new");
            bench.stop();
            bench.start(StoreState::locked);
            bench.settle();
            bench.mortal->fail_all(StoreState::ready);
            Scheduler::current()->sleep_for(2min);
            bench.platform.kernel.set_value(kKey, u"x", dword(3));
            bench.settle();
            check(bench.changes.size() == 4, "what was known is new again");
            bench.stop();
        },
        kStateSchedules);
}

TEST_CASE("a_watch_that_was_renamed_goes_on_from_what_it_has_seen", "[state]") {
    const bool by_reload = GENERATE(false, true);
    holds(
        by_reload ? "renamed by a reload" : "renamed while stopped",
        [by_reload](RestartBench& bench) {
            const KeyPath pattern = key_path(u"P\\*");
            bench.watch.keys = {kKey, pattern};
            bench.platform.kernel.create_key(key_path(u"P\\Old"));
            seen_by_a_first_run(bench);
            const auto change = [&bench, by_reload] {
                bench.platform.kernel.set_value(kKey, u"v", dword(2));
                if (!by_reload) bench.platform.kernel.create_key(key_path(u"P\\New"));
            };
            bench.watch.name = "another name";
            if (by_reload) {
                Thread writer("writer", change);
                bench.reload();
            } else {
                bench.stop();
                change();
                bench.start();
            }
            bench.settle();
            std::multiset<std::u16string> seen;
            for (const Change& found : bench.changes)
                seen.insert(found.value_name.empty() ? found.key.subkey : found.value_name);
            auto expected = std::multiset<std::u16string>{u"v"};
            if (!by_reload) expected.insert(u"P\\New");
            check(seen == expected, "absorbed, or told twice");
            bench.stop();
            bench.start();
            bench.settle();
            check(bench.changes.size() == expected.size(), "told again");
            bench.stop();
        },
        kStateSchedules);
}

TEST_CASE("what_a_watch_has_left_is_nothing_to_one_that_has_seen_the_key", "[state]") {
    holds(
        "left and back",
        [](RestartBench& bench) {
            seen_by_a_first_run(bench);
            bench.stop();
            bench.watch.name = "another name";
            bench.start();
            bench.settle();
            bench.platform.kernel.set_value(kKey, u"v", dword(2));
            bench.settle();
            check(bench.changes.size() == 1, "not the change");
            bench.stop();
            bench.start();
            bench.settle();
            check(bench.changes.size() == 1, "compared with what another has left");
            bench.stop();
        },
        150);
}

TEST_CASE("what_is_known_of_a_watch_that_was_removed_goes_when_the_history_of_its_time_does",
          "[state]") {
    holds(
        "forgotten",
        [](RestartBench& bench) {
            bench.state.history_age = std::chrono::hours(2);
            seen_by_a_first_run(bench);
            bench.stop();
            bench.watch.name = "another";
            bench.watch.keys = {key_path(u"B\\Other")};
            bench.platform.kernel.create_key(key_path(u"B\\Other"));
            bench.start();
            bench.settle();
            Scheduler::current()->sleep_for(1h);
            check(bench.store.baselines()->size() == 2, "forgotten too early");
            Scheduler::current()->sleep_for(90min);
            const auto left = bench.store.baselines();
            check(left->size() == 1 && left->front().watch == "another", "kept for ever");
            bench.stop();
        },
        150);
}

TEST_CASE("a_watch_that_a_reload_brings_back_is_compared_with_what_it_has_seen", "[state]") {
    holds(
        "brought back by a reload",
        [](RestartBench& bench) {
            seen_by_a_first_run(bench);
            const auto keys = bench.watch.keys;
            bench.watch.keys = {key_path(u"B\\Other")};
            bench.reload();
            bench.platform.kernel.set_value(kKey, u"v", dword(2));
            bench.settle();
            check(bench.changes.empty(), "reported although nobody watches");
            bench.watch.keys = keys;
            bench.reload();
            bench.settle();
            check(bench.changes.size() == 1, "absorbed, or told twice");
            const Change& change = bench.changes.front();
            check(change.before == dword(1) && change.after == dword(2), "another change");
            check(change.detection == Detection::reload, "not said to be found by the reload");
            check(change.not_before != WallTime{}, "without a bound");
            bench.stop();
        },
        kStateSchedules);
}

TEST_CASE("what_a_changed_watch_sees_for_the_first_time_is_its_baseline_from_then_on", "[state]") {
    holds(
        "deeper by a reload",
        [](RestartBench& bench) {
            seen_by_a_first_run(bench);
            bench.watch.recursive = true;
            bench.reload();
            bench.settle();
            check(bench.changes.empty(), "what was never seen is no news");
            bench.stop();
            bench.platform.kernel.set_value(kBelow, u"deep", dword(2));
            bench.start();
            bench.settle();
            check(bench.changes.size() == 1, "what changed below the key was absorbed");
            check(bench.changes.front().before == dword(1), "another change");
            bench.stop();
            // And at a start, where a watch may be another one too.
            bench.watch.recursive = false;
            bench.start();
            bench.settle();
            bench.stop();
            bench.watch.recursive = true;
            bench.start();
            bench.settle();
            check(bench.changes.size() == 1, "what the settings left out is said to have changed");
            bench.stop();
        },
        kStateSchedules);
}

TEST_CASE("a_view_that_is_added_is_a_key_of_its_own_and_takes_nothing_from_the_other", "[state]") {
    holds(
        "another view",
        [](RestartBench& bench) {
            const KeyPath wide = key_path(u"SOFTWARE\\K");
            KeyPath narrow = wide;
            narrow.view = View::bits32;
            bench.watch.keys = {wide};
            bench.platform.kernel.create_key(wide);
            bench.platform.kernel.create_key(narrow);
            bench.platform.kernel.set_value(wide, u"v", dword(1));
            bench.platform.kernel.set_value(narrow, u"v", dword(2));
            bench.start();
            bench.settle();
            bench.watch.keys = {wide, narrow};
            bench.reload();
            bench.settle();
            check(bench.changes.empty(), "one view is compared with the other");
            bench.stop();
            bench.platform.kernel.set_value(narrow, u"v", dword(3));
            bench.start();
            bench.settle();
            check(bench.changes.size() == 1, "not the change of the new view");
            check(bench.changes.front().before == dword(2), "compared with the other view");
            bench.stop();
        },
        kStateSchedules);
}

TEST_CASE("a_hive_that_was_not_loaded_is_compared_when_it_is", "[state]") {
    holds(
        "hive",
        [](RestartBench& bench) {
            const auto users = [](std::u16string subkey) {
                return KeyPath{Root::users, std::move(subkey), View::bits64};
            };
            const KeyPath environment = users(u"S-1-5-21-7\\Environment");
            bench.watch.keys = {{Root::current_user, u"Environment", View::bits64}};
            bench.platform.kernel.create_key(environment);
            bench.platform.kernel.set_value(environment, u"Path", dword(1));
            bench.start();
            bench.settle();
            bench.stop();
            bench.platform.kernel.delete_key(users(u"S-1-5-21-7"));
            bench.start();
            bench.settle();
            check(bench.changes.empty(), "a user who is not logged on is no change");
            // With all that is in it, at once.
            bench.platform.kernel.create_key(users(u"Elsewhere\\Environment"));
            bench.platform.kernel.set_value(users(u"Elsewhere\\Environment"), u"Path", dword(2));
            bench.settle();
            check(bench.platform.kernel.rename_key(users(u"Elsewhere"), u"S-1-5-21-7"), "no hive");
            // A rename need not be told to who watches the names; that a hive was loaded is.
            bench.platform.kernel.signal_for_nothing(users(u""));
            bench.settle();
            check(bench.changes.size() == 1, "not one change");
            const Change& change = bench.changes.front();
            check(change.before == dword(1) && change.after == dword(2), "another change");
            check(change.detection == Detection::hive_load, "not said to be the hive's");
            bench.stop();
        },
        kStateSchedules);
}

TEST_CASE("a_clock_that_is_set_back_between_two_runs_turns_no_bound_and_no_number_around",
          "[state]") {
    holds(
        "clock set back",
        [](RestartBench& bench) {
            seen_by_a_first_run(bench);
            bench.platform.kernel.set_value(kKey, u"v", dword(2));
            bench.settle();
            bench.stop();
            bench.platform.kernel.set_wall_clock(bench.platform.kernel.wall_now() - 48h);
            bench.platform.kernel.set_value(kKey, u"v", dword(3));
            bench.start();
            bench.settle();
            bench.platform.kernel.set_value(kKey, u"v", dword(4));
            bench.settle();
            bench.nothing_is_lost(dword(4));
            check(bench.changes.size() == 3, "not every change");
            for (const Change& change : bench.changes)
                check(change.not_before <= change.detected_at, "the bounds are turned around");
            bench.stop();
            check(bench.store.history({})->size() == 3, "not all is in the history");
        },
        kStateSchedules);
}

TEST_CASE("the_heartbeat_comes_as_often_as_it_is_told_to_and_counts", "[state]") {
    holds(
        "heartbeat",
        [](RestartBench& bench) {
            bench.state.heartbeat = 30min;
            seen_by_a_first_run(bench);
            bench.platform.kernel.set_value(kKey, u"v", dword(2));
            bench.settle();
            check(bench.platform.journal.count(EventId::heartbeat) == 0, "at once");
            bench.platform.kernel.signal_for_nothing(kKey);
            bench.settle();
            Scheduler::current()->sleep_for(31min);
            bench.settle();
            check(bench.platform.journal.count(EventId::heartbeat) == 1, "not after its time");
            bench.state.heartbeat = 1min;
            bench.reload();
            Scheduler::current()->sleep_for(100s);
            bench.settle();
            const auto notices = bench.platform.journal.notices();
            check(bench.platform.journal.count(EventId::heartbeat) == 3, "not the new interval");
            const auto last =
                std::find_if(notices.rbegin(), notices.rend(),
                             [](const Notice& notice) { return notice.id == EventId::heartbeat; });
            check(last->inserts.size() == 10, "not every count");
            check(last->inserts[0] == "1" && last->inserts[1] == "1", "not the change");
            check(last->inserts[2] == "1" && last->inserts[3] == "0", "not the key, or owed");
            check(last->inserts[4] == "ready", "not the state");
            check(bench.engine->status().counts.merged >= 1, "a look for nothing is not counted");
            bench.stop();
        },
        kStateSchedules);
}

TEST_CASE("what_a_reload_keeps_for_a_shorter_time_goes_and_what_is_given_up_is_said", "[state]") {
    holds(
        "retention by a reload",
        [](RestartBench& bench) {
            seen_by_a_first_run(bench);
            for (std::uint8_t i = 2; i <= 4; ++i) {
                bench.platform.kernel.set_value(kKey, u"v", dword(i));
                bench.settle();
            }
            check(bench.store.history({})->size() == 3, "not in the history");
            bench.state.history_count = 1;
            bench.reload();
            bench.settle();
            check(bench.store.history({})->size() == 1, "kept although it is too much");
            bench.hang = true;
            for (std::uint8_t i = 5; i <= 8; ++i) {
                bench.platform.kernel.set_value(kKey, u"v", dword(i));
                bench.settle();
            }
            bench.state.pending_count = 2;
            bench.reload();
            bench.settle();
            check(bench.platform.journal.count(EventId::deliveries_lost) == 1, "not said");
            check(bench.engine->status().counts.lost == 2, "not counted");
            bench.hang = false;
            bench.settle();
            bench.stop();
        },
        kStateSchedules);
}

TEST_CASE("what_waits_for_an_action_for_longer_than_allowed_is_given_up_and_said", "[state]") {
    holds(
        "given up for its age",
        [](RestartBench& bench) {
            seen_by_a_first_run(bench);
            bench.state.pending_age = 1h;
            bench.reload();
            bench.hang = true;
            for (std::uint8_t i = 2; i <= 4; ++i) {
                bench.platform.kernel.set_value(kKey, u"v", dword(i));
                bench.settle();
            }
            let_pass(50min);
            auto& journal = bench.platform.journal;
            check(journal.count(EventId::deliveries_lost) == 0, "given up too early");
            let_pass(30min);
            std::uint64_t said = 0;
            for (const Notice& notice : journal.notices()) {
                if (notice.id != EventId::deliveries_lost) continue;
                check(notice.inserts[0] == "log", "of another action");
                said += std::stoull(notice.inserts[1]);
            }
            check(said == 3, "not all of it is said");
            check(bench.store.counts()->pending == 0, "still owed");
            check(bench.engine->status().counts.lost == 3, "not counted");
            bench.hang = false;
            bench.settle();
            bench.stop();
        },
        100);
}

}  // namespace regwatch::sim
