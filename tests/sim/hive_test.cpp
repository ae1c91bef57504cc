// Keys in the hive of a user, who comes and goes.
#include "sim/engine_bench.h"
#include "sim/scenario.h"

using namespace std::chrono_literals;

namespace regwatch::sim {
namespace {

const KeyPath kHive{Root::users, u"S-1-5-21-1"};
const KeyPath kUserKey{Root::users, u"S-1-5-21-1\\Software\\K"};

void load_hive(SimKernel& kernel, std::uint8_t value) {
    kernel.load_hive(kUserKey, u"v", dword(value));
}

}  // namespace

TEST_CASE("a_hive_that_is_unloaded_is_no_deletion_and_is_compared_when_it_returns", "[hive]") {
    holds("hive away and back", Effort{.adjust = without_latch}, [](WatchBench& bench) {
        load_hive(bench.kernel(), 1);
        bench.watch(kUserKey);
        world().settle();
        bench.write([&] { bench.kernel().unload_hive(kHive); });
        bench.writers.clear();
        world().settle();
        check(bench.client.differences.empty(), "an unloaded hive was reported as deleted");
        check(bench.key->status().state == WatchState::waiting, "it is not waited for");
        bench.write([&] { load_hive(bench.kernel(), 2); });
        bench.settled();
        check(bench.client.count(DifferenceKind::key_deleted) == 0, "reported as deleted");
        check(bench.client.count(DifferenceKind::value_set) >= 1, "not compared");
    });
}

TEST_CASE("a_key_that_is_gone_when_its_hive_returns_is_reported_as_deleted", "[hive]") {
    holds("hive back without the key", Effort{.adjust = without_latch}, [](WatchBench& bench) {
        load_hive(bench.kernel(), 1);
        bench.watch(kUserKey);
        world().settle();
        bench.kernel().unload_hive(kHive);
        world().settle();
        bench.kernel().create_key(kHive);
        bench.settled();
        check(bench.client.count(DifferenceKind::key_deleted) == 1, "not reported");
        check(bench.client.last_detection == Detection::hive_load, "not said to be the hive");
    });
}

TEST_CASE("a_release_leaves_nothing_open_in_the_hive_whatever_is_going_on", "[hive]") {
    holds("release against a look", Effort{.adjust = without_latch}, [](WatchBench& bench) {
        load_hive(bench.kernel(), 1);
        bench.watch(kUserKey);
        bench.write([&] { bench.kernel().set_value(kUserKey, u"v", dword(2)); });
        bench.key->release_hive();
        check(bench.kernel().open_at_or_below(kHive) == 0, "a key of the hive is open");
        bench.writers.clear();
        world().settle();
        check(bench.kernel().open_at_or_below(kHive) == 0, "a key of the hive was opened again");
        bench.kernel().unload_hive(kHive);
        world().settle();
        load_hive(bench.kernel(), 3);
        bench.settled();
        check(bench.client.count(DifferenceKind::key_deleted) == 0, "reported as deleted");
    });
}

TEST_CASE("a_hive_that_was_released_and_stays_is_watched_again_and_nothing_is_lost", "[hive]") {
    holds("released in vain", Effort{.adjust = without_latch}, [](WatchBench& bench) {
        load_hive(bench.kernel(), 1);
        bench.watch(kUserKey);
        world().settle();
        bench.key->release_hive();
        bench.kernel().set_value(kUserKey, u"v", dword(2));
        world().sleep_for(1min);
        bench.settled();
        check(bench.client.count(DifferenceKind::value_set) == 1, "the change was lost");
        check(bench.key->status().state == WatchState::watching, "it is not watched");
    });
}

TEST_CASE("a_hive_is_watched_again_although_others_log_off_all_the_time", "[hive]") {
    holds(
        "released again and again",
        [](EngineBench& bench) {
            auto& kernel = bench.platform.kernel;
            kernel.load_hive(kUserKey, u"v", dword(1));
            bench.make({kUserKey});
            bench.engine->start();
            for (int i = 0; i < 4; ++i) {
                bench.engine->release_hive(u"");
                check(kernel.open_at_or_below(kHive) == 0, "a key of the hive is open");
                if (i == 0) kernel.set_value(kUserKey, u"v", dword(2));
                world().sleep_for(20s);
            }
            check(bench.first.sequences.size() == 1, "it is never looked at");
            bench.stop();
        },
        150);
}

TEST_CASE("a_released_hive_is_closed_below_every_pattern_and_compared_when_it_returns", "[hive]") {
    for (const KeyPath& watched : {kUserKey, KeyPath{Root::users, u"*\\Software\\K"},
                                   KeyPath{Root::users, u"S-1-5-21-1\\Software\\*"},
                                   KeyPath{Root::current_user, u"**\\K"}}) {
        holds(
            "release of " + watched.utf8(),
            [&](EngineBench& bench) {
                auto& kernel = bench.platform.kernel;
                kernel.load_hive(kUserKey, u"v", dword(1));
                bench.make({watched});
                bench.engine->start();
                check(kernel.open_at_or_below(kHive) > 0, "it is not watched");
                bench.engine->release_hive(u"S-1-5-21-2");
                check(kernel.open_at_or_below(kHive) > 0, "another hive was released");
                bench.engine->release_hive(u"S-1-5-21-1");
                check(kernel.open_at_or_below(kHive) == 0, "a key of the hive is open");
                Scheduler::current()->settle();
                check(kernel.open_at_or_below(kHive) == 0, "a key of the hive was opened again");
                kernel.unload_hive(kHive);
                Scheduler::current()->settle();
                check(bench.first.sequences.empty(), "reported as deleted");
                kernel.load_hive(kUserKey, u"v", dword(2));
                Scheduler::current()->settle();
                check(bench.first.sequences.size() == 1, "not compared when it returns");
                check(bench.first.last == dword(2), "another change");
                bench.stop();
            },
            150);
    }
}

TEST_CASE("release_and_close_at_the_same_time_both_return", "[hive]") {
    holds("release against close", Effort{.adjust = without_latch}, [](WatchBench& bench) {
        load_hive(bench.kernel(), 1);
        bench.watch(kUserKey);
        bench.write([&] { bench.key->release_hive(); });
        bench.close();
        bench.writers.clear();
        check(bench.kernel().open_at_or_below(kHive) == 0, "a key of the hive is open");
    });
}

}  // namespace regwatch::sim
