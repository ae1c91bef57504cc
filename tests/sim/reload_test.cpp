// Another configuration while the machine runs, at any moment of anything else.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "sim/engine_bench.h"

namespace regwatch::sim {
namespace {

constexpr std::size_t kReloadSchedules = 1'500;

const KeyPath kStays = key_path(u"A\\K");
const KeyPath kGoes = key_path(u"B\\K");
const KeyPath kComes = key_path(u"C\\K");

void create_all(EngineBench& bench) {
    for (const KeyPath& key : {kStays, kGoes, kComes}) bench.platform.kernel.create_key(key);
}

// Three values that come: each is a change of its own, however the looks fall.
void add_values(EngineBench& bench, const KeyPath& key) {
    for (const char16_t* name : {u"a", u"b", u"c"})
        bench.platform.kernel.set_value(key, name, dword(1));
}

std::vector<std::string> watched(const EngineBench& bench) {
    std::vector<std::string> keys;
    for (const WatchStatus& watch : bench.engine->status().watches) {
        check(watch.state == WatchState::watching, "not every key is watched");
        keys.push_back(watch.key);
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

std::vector<std::string> names(std::initializer_list<KeyPath> keys) {
    std::vector<std::string> all;
    for (const KeyPath& key : keys) all.push_back(key.utf8());
    return all;
}

Settings settings_for(std::vector<KeyPath> keys,
                      std::vector<std::string> actions = {"first", "second"}) {
    return EngineBench::settings_for(std::move(keys), std::move(actions));
}

}  // namespace

TEST_CASE("a_reload_loses_no_change_of_a_key_that_stays_and_reports_none_twice", "[reload]") {
    holds(
        "reload with a look pending",
        [](EngineBench& bench) {
            create_all(bench);
            bench.make({kStays, kGoes});
            bench.engine->start();
            Thread writer("writer", [&] { add_values(bench, kStays); });
            const auto report = bench.engine->reload(settings_for({kStays, kComes}));
            check(report.ok(), "refused");
            check(report.value().kept == 1 && report.value().added == 1 &&
                      report.value().removed == 1,
                  "not one kept, one added, one removed");
            writer.join();
            Scheduler::current()->settle();
            check(bench.first.sequences.size() == 3, "a change was lost or told twice");
            check(bench.second.sequences == bench.first.sequences, "not to both actions");
            bench.stop();
        },
        kReloadSchedules);
}

TEST_CASE("what_a_reload_removes_is_not_reported_any_more_and_what_it_adds_is", "[reload]") {
    holds(
        "removed and added",
        [](EngineBench& bench) {
            create_all(bench);
            bench.make({kStays, kGoes});
            bench.engine->start();
            bench.platform.kernel.set_value(kGoes, u"pending", dword(1));
            check(bench.reload(settings_for({kStays, kComes})), "refused");
            check(watched(bench) == names({kStays, kComes}), "not the keys of the new settings");
            Scheduler::current()->settle();
            const std::size_t before = bench.first.sequences.size();
            check(before <= 1, "one change, told twice");
            bench.platform.kernel.set_value(kGoes, u"v", dword(1));
            bench.platform.kernel.set_value(kComes, u"v", dword(2));
            Scheduler::current()->settle();
            check(bench.first.sequences.size() == before + 1,
                  "not the change of the new key alone");
            check(bench.first.last == dword(2), "not the change of the new key");
            bench.stop();
        },
        kReloadSchedules);
}

TEST_CASE("each_change_goes_to_the_actions_of_the_old_settings_or_of_the_new_ones", "[reload]") {
    holds(
        "other actions",
        [](EngineBench& bench) {
            create_all(bench);
            bench.make(settings_for({kStays}, {"first"}));
            bench.engine->start();
            Thread writer("writer", [&] { add_values(bench, kStays); });
            check(bench.reload(settings_for({kStays}, {"second"})), "refused");
            writer.join();
            Scheduler::current()->settle();
            check(bench.first.sequences.size() + bench.second.sequences.size() == 3,
                  "a change was lost or told twice");
            bench.platform.kernel.set_value(kStays, u"v", dword(9));
            Scheduler::current()->settle();
            check(bench.second.last == dword(9), "the new action did not get it");
            bench.stop();
        },
        kReloadSchedules);
}

TEST_CASE("stop_during_a_reload_lets_both_return_and_leaves_nothing_open", "[reload]") {
    holds(
        "stop against reload",
        [](EngineBench& bench) {
            create_all(bench);
            bench.make({kGoes, kStays});
            bench.engine->start();
            Thread reloader("reloader", [&] {
                (void)bench.reload(settings_for({kStays, kComes}));
            });
            bench.stop();
            reloader.join();
            add_values(bench, kStays);
            add_values(bench, kComes);
            Scheduler::current()->settle();
            check(bench.platform.kernel.counts().open_keys == 0, "a key is still open");
            check(!bench.reload(settings_for({kGoes})), "reloaded after the stop");
        },
        kReloadSchedules);
}

TEST_CASE("a_reload_during_the_start_ends_with_the_new_settings_and_both_return", "[reload]") {
    holds(
        "reload during start",
        [](EngineBench& bench) {
            create_all(bench);
            bench.make({kStays, kGoes, key_path(u"B\\*")});
            Thread starter("starter", [&] { bench.engine->start(); });
            check(bench.reload(settings_for({kStays, kComes})), "refused");
            starter.join();
            check(watched(bench) == names({kStays, kComes}), "not the keys of the new settings");
            bench.platform.kernel.set_value(kStays, u"v", dword(5));
            Scheduler::current()->settle();
            check(bench.first.last == dword(5), "deaf after the reload");
            bench.stop();
        },
        kReloadSchedules);
}

TEST_CASE("two_reloads_at_once_end_with_the_settings_of_one_of_them", "[reload]") {
    holds(
        "reload during reload",
        [](EngineBench& bench) {
            create_all(bench);
            bench.make({kStays});
            bench.engine->start();
            Thread other("other", [&] {
                check(bench.reload(settings_for({kStays, kGoes})), "refused");
            });
            check(bench.reload(settings_for({kStays, kComes})), "refused");
            other.join();
            const auto keys = watched(bench);
            check(keys == names({kStays, kGoes}) || keys == names({kStays, kComes}),
                  "the keys of neither settings");
            bench.stop();
            Scheduler::current()->settle();
            check(bench.platform.kernel.counts().open_keys == 0, "a key is still open");
        },
        kReloadSchedules);
}

}  // namespace regwatch::sim
