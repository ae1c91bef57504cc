// Patterns that find keys as they come and go, at any moment of anything else.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "sim/engine_bench.h"

namespace regwatch::sim {
namespace {

constexpr std::size_t kPatternSchedules = 1'000;

Settings pattern(std::u16string text, std::uint32_t max_keys = 100) {
    Settings settings = EngineBench::settings_for({key_path(std::move(text))});
    settings.watches[0].max_keys = max_keys;
    return settings;
}

std::size_t count(const EngineBench& bench, WatchState state) {
    const auto all = bench.engine->status().watches;
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](const WatchStatus& watch) { return watch.state == state; }));
}

}  // namespace

TEST_CASE("two_stars_find_a_key_at_whatever_depth_it_appears", "[pattern]") {
    holds(
        "two stars",
        [](EngineBench& bench) {
            auto& kernel = bench.platform.kernel;
            kernel.create_key(key_path(u"A\\Run"));
            bench.make(pattern(u"A\\**\\run"));
            bench.engine->start();
            check(count(bench, WatchState::watching) == 1, "the key that was there is not watched");
            Thread writer("writer", [&] {
                kernel.create_key(key_path(u"A\\B\\C\\Run"));
                kernel.set_value(key_path(u"A\\B\\C\\Run"), u"v", dword(1));
                kernel.set_value(key_path(u"A\\Run"), u"v", dword(1));
            });
            writer.join();
            Scheduler::current()->settle();
            check(count(bench, WatchState::watching) == 2, "a key that came is not watched");
            // The new key and its value, and the value of the old one.
            check(bench.first.sequences.size() == 3, "not three changes");
            bench.stop();
        },
        kPatternSchedules);
}

TEST_CASE("a_key_of_a_pattern_that_is_deleted_and_made_again_is_reported_both_times", "[pattern]") {
    holds(
        "deleted and made again",
        [](EngineBench& bench) {
            auto& kernel = bench.platform.kernel;
            kernel.create_key(key_path(u"A\\K1\\Sub"));
            bench.make(pattern(u"A\\*\\Sub"));
            bench.engine->start();
            kernel.delete_key(key_path(u"A\\K1"));
            Scheduler::current()->settle();
            check(bench.first.sequences.size() == 1, "the deletion was not reported");
            kernel.create_key(key_path(u"A\\K1\\Sub"));
            Scheduler::current()->settle();
            check(bench.first.sequences.size() == 2, "the creation was not reported");
            bench.stop();
        },
        kPatternSchedules);
}

TEST_CASE("a_key_whose_name_looks_like_a_pattern_is_one_key", "[pattern]") {
    for (const char16_t* text : {u"A\\*", u"A\\**", u"A\\*\\K?*"}) {
        const KeyPath watched = key_path(text);
        const bool is_deep = watched.components().size() > 2;
        holds(
            "names like patterns: " + watched.utf8(),
            [&](EngineBench& bench) {
                auto& kernel = bench.platform.kernel;
                const std::u16string below = is_deep ? u"\\K?*" : u"";
                const KeyPath there = key_path(u"A\\*" + below);
                kernel.create_key(there);
                kernel.create_key(key_path(u"A\\plain" + below));
                bench.make(pattern(watched.subkey, 20));
                bench.engine->start();
                check(count(bench, WatchState::watching) == 2, "not each key once");
                kernel.set_value(there, u"v", dword(1));
                Scheduler::current()->settle();
                check(bench.first.sequences.size() == 1, "not reported once");
                check(bench.first.last_of_key.contains(there.folded()), "under another path");
                for (const char16_t* name : {u"**", u"a?b"}) {
                    kernel.create_key(key_path(std::u16string(u"A\\") + name + below));
                    Scheduler::current()->settle();
                }
                check(bench.first.sequences.size() == 3, "not each reported once");
                check(count(bench, WatchState::watching) == 4, "not each key once");
                check(count(bench, WatchState::at_limit) == 0, "the pattern contains itself");
                bench.stop();
            },
            100);
    }
}

TEST_CASE("a_pattern_at_its_limit_says_so_and_lets_go_of_keys_that_are_gone", "[pattern]") {
    holds(
        "at the limit",
        [](EngineBench& bench) {
            auto& kernel = bench.platform.kernel;
            kernel.create_key(key_path(u"A\\K1"));
            bench.make(pattern(u"A\\K*", 2));
            bench.engine->start();
            kernel.create_key(key_path(u"A\\K2"));
            Scheduler::current()->settle();
            check(count(bench, WatchState::at_limit) == 0, "said too early");
            kernel.delete_key(key_path(u"A\\K1"));
            Scheduler::current()->settle();
            kernel.create_key(key_path(u"A\\K3"));
            Scheduler::current()->settle();
            check(count(bench, WatchState::watching) == 2, "a gone key kept its place");
            check(count(bench, WatchState::at_limit) == 0, "said although there was room");
            kernel.create_key(key_path(u"A\\K4"));
            Scheduler::current()->settle();
            check(count(bench, WatchState::watching) == 2, "more keys than allowed");
            check(count(bench, WatchState::at_limit) == 1, "the limit was not said");
            bench.stop();
        },
        kPatternSchedules);
}

TEST_CASE("a_key_that_had_no_place_is_new_only_if_it_came_meanwhile", "[pattern]") {
    holds(
        "room for what had no place",
        [](EngineBench& bench) {
            auto& kernel = bench.platform.kernel;
            const auto key = [](const char16_t* name) {
                return key_path(std::u16string(u"A\\") + name);
            };
            const auto make_room = [&](const char16_t* gone, const char16_t* signal) {
                kernel.delete_key(key(gone));
                Scheduler::current()->settle();
                // A look at the names, by when it is known that the key is gone.
                kernel.create_key(key(signal));
                Scheduler::current()->settle();
            };
            for (const char16_t* name : {u"K1", u"K2", u"K3"}) kernel.create_key(key(name));
            bench.make(pattern(u"A\\K*", 2));
            bench.engine->start();
            check(count(bench, WatchState::at_limit) == 1, "the limit was not said");
            make_room(u"K1", u"Other1");
            check(bench.first.sequences.size() == 1, "not the deletion alone");
            check(count(bench, WatchState::watching) == 2, "it found no place");
            check(count(bench, WatchState::at_limit) == 0, "all fit, and it is said that not");
            kernel.set_value(key(u"K3"), u"v", dword(1));
            Scheduler::current()->settle();
            check(bench.first.sequences.size() == 2, "what found a place is not watched");
            kernel.create_key(key(u"K4"));
            Scheduler::current()->settle();
            check(count(bench, WatchState::at_limit) == 1, "the second time is not in the status");
            check(bench.platform.journal.count(EventId::pattern_full) == 2, "not said each time");
            make_room(u"K2", u"Other2");
            check(bench.first.sequences.size() == 4, "not the deletion and what came meanwhile");
            bench.stop();
        },
        300);
}

TEST_CASE("a_pattern_whose_keys_have_given_way_fits_none_again", "[pattern]") {
    holds(
        "no match again",
        [](EngineBench& bench) {
            auto& kernel = bench.platform.kernel;
            kernel.create_key(key_path(u"A\\Run"));
            bench.make(pattern(u"A\\**\\run", 2));
            bench.engine->start();
            check(count(bench, WatchState::no_match) == 0, "said although one fits");
            kernel.delete_key(key_path(u"A\\Run"));
            Scheduler::current()->settle();
            kernel.create_key(key_path(u"A\\B"));
            Scheduler::current()->settle();
            kernel.create_key(key_path(u"A\\C"));
            Scheduler::current()->settle();
            check(count(bench, WatchState::no_match) == 1, "not said");
            bench.stop();
        },
        300);
}

TEST_CASE("a_pattern_that_fits_no_key_says_so_until_one_comes", "[pattern]") {
    holds(
        "no match",
        [](EngineBench& bench) {
            auto& kernel = bench.platform.kernel;
            kernel.create_key(key_path(u"A\\Other"));
            bench.make(pattern(u"A\\K*"));
            bench.engine->start();
            check(count(bench, WatchState::no_match) == 1, "not said");
            kernel.create_key(key_path(u"A\\K1"));
            Scheduler::current()->settle();
            check(count(bench, WatchState::no_match) == 0, "still said");
            check(count(bench, WatchState::watching) == 1, "not watched");
            bench.stop();
        },
        kPatternSchedules);
}

TEST_CASE("a_key_that_a_watch_leads_to_in_several_ways_is_reported_once", "[pattern]") {
    holds(
        "several ways",
        [](EngineBench& bench) {
            auto& kernel = bench.platform.kernel;
            kernel.create_key(kKey);
            kernel.create_key(key_path(u"A\\Other"));
            Settings settings = pattern(u"A\\*");
            settings.watches[0].keys.push_back(kKey);
            settings.watches[0].keys.push_back(key_path(u"**\\K"));
            bench.make(settings);
            bench.engine->start();
            check(count(bench, WatchState::watching) == 2, "not each key once");
            kernel.set_value(kKey, u"v", dword(1));
            kernel.set_value(key_path(u"A\\Other"), u"v", dword(1));
            Scheduler::current()->settle();
            check(bench.first.sequences.size() == 2, "not each reported once");
            kernel.delete_key(kKey);
            Scheduler::current()->settle();
            kernel.create_key(kKey);
            Scheduler::current()->settle();
            check(bench.first.sequences.size() >= 4, "what comes back is not watched");
            check(count(bench, WatchState::watching) == 2, "not each key once again");
            bench.stop();
        },
        kPatternSchedules);
}

TEST_CASE("a_key_in_two_watches_is_reported_by_both", "[pattern]") {
    holds(
        "two watches",
        [](EngineBench& bench) {
            bench.platform.kernel.create_key(kKey);
            Settings settings = pattern(u"A\\*");
            settings.watches.push_back(settings.watches[0]);
            settings.watches[1].name = "other";
            settings.watches[1].keys = {kKey};
            bench.make(settings);
            bench.engine->start();
            bench.platform.kernel.set_value(kKey, u"v", dword(1));
            Scheduler::current()->settle();
            check(bench.first.sequences.size() == 2, "not once by each");
            bench.stop();
        },
        300);
}

TEST_CASE("two_names_of_one_key_are_one_key_of_a_watch", "[pattern]") {
    holds(
        "two names",
        [](EngineBench& bench) {
            auto& kernel = bench.platform.kernel;
            kernel.create_key(key_path(u"SYSTEM\\Select"));
            kernel.set_value(key_path(u"SYSTEM\\Select"), u"Current", dword(1));
            const KeyPath real = key_path(u"SYSTEM\\ControlSet001\\K");
            kernel.create_key(real);
            const KeyPath hive{Root::users, u".DEFAULT\\X"};
            kernel.create_key(hive);
            kernel.create_key({Root::users, u"S-1-5-18\\X"});
            Settings settings = pattern(u"SYSTEM\\ControlSet*\\K");
            settings.watches[0].keys.push_back(key_path(u"SYSTEM\\CurrentControlSet\\K"));
            settings.watches[0].keys.push_back(real);
            settings.watches[0].keys.push_back({Root::users, u"*\\X"});
            bench.make(settings);
            bench.engine->start();
            check(count(bench, WatchState::watching) == 2, "not each key once");
            kernel.set_value(real, u"v", dword(1));
            kernel.set_value(hive, u"v", dword(1));
            Scheduler::current()->settle();
            check(bench.first.sequences.size() == 2, "not each reported once");
            bench.stop();
        },
        300);
}

TEST_CASE("a_key_that_a_reload_leaves_to_a_pattern_goes_on_being_watched", "[pattern]") {
    holds(
        "left to a pattern",
        [](EngineBench& bench) {
            auto& kernel = bench.platform.kernel;
            kernel.create_key(kKey);
            Settings both = pattern(u"A\\*");
            both.watches[0].keys.push_back(kKey);
            bench.make(both);
            bench.engine->start();
            check(count(bench, WatchState::no_match) == 0, "said although one fits");
            kernel.set_value(kKey, u"v", dword(1));
            check(bench.reload(pattern(u"A\\*")), "refused");
            kernel.set_value(kKey, u"v", dword(2));
            Scheduler::current()->settle();
            check(bench.first.last == dword(2), "not watched any more");
            check(bench.first.sequences.size() <= 2, "reported twice");
            check(bench.reload(both), "refused");
            kernel.set_value(kKey, u"v", dword(3));
            Scheduler::current()->settle();
            check(bench.first.last == dword(3), "not watched when it is named again");
            check(bench.first.sequences.size() <= 3, "reported twice");
            check(count(bench, WatchState::watching) == 1, "not once");
            bench.stop();
        },
        kPatternSchedules);
}

}  // namespace regwatch::sim
