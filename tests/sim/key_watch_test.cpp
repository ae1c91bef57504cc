// The life of a watched key under every schedule, in both kernels. Each scenario ends with nobody left
// to do anything, where the last delivered state must be the registry's.
#include <string>

#include "sim/scenario.h"

namespace regwatch::sim {

TEST_CASE("a_change_during_the_first_look_is_seen_by_the_next_one", "[watch]") {
    holds("change during the first look", {}, [](WatchBench& bench) {
        bench.kernel().create_key(key_path(u"A\\K"));
        bench.write([&] {
            bench.kernel().set_value(key_path(u"A\\K"), u"v", dword(1));
            bench.kernel().set_value(key_path(u"A\\K"), u"v", dword(2));
        });
        bench.watch(key_path(u"A\\K"));
        bench.settled();
    });
}

TEST_CASE("a_missing_key_is_found_when_it_appears_level_by_level", "[watch]") {
    holds("appears level by level", {}, [](WatchBench& bench) {
        bench.watch(key_path(u"A\\B\\K"));
        bench.write([&] {
            bench.kernel().create_key(key_path(u"A\\B\\K"));
            bench.kernel().set_value(key_path(u"A\\B\\K"), u"v", dword(1));
        });
        bench.settled();
        check(bench.client.state.has_value(), "the key was not found");
    });
}

TEST_CASE("a_key_that_is_deleted_and_made_again_is_watched_again", "[watch]") {
    holds("deleted and made again", {}, [](WatchBench& bench) {
        bench.kernel().create_key(key_path(u"A\\K"));
        bench.kernel().set_value(key_path(u"A\\K"), u"v", dword(1));
        bench.watch(key_path(u"A\\K"));
        bench.write([&] {
            bench.kernel().delete_key(key_path(u"A\\K"));
            bench.kernel().create_key(key_path(u"A\\K"));
            bench.kernel().set_value(key_path(u"A\\K"), u"v", dword(1));
            bench.kernel().set_value(key_path(u"A\\K"), u"v", dword(2));
        });
        bench.settled();
    });
}

TEST_CASE("the_deletion_of_a_key_from_above_is_reported", "[watch]") {
    holds("deleted from above", {}, [](WatchBench& bench) {
        bench.kernel().create_key(key_path(u"A\\B\\K"));
        bench.kernel().set_value(key_path(u"A\\B\\K"), u"v", dword(1));
        bench.watch(key_path(u"A\\B\\K"));
        bench.write([&] { bench.kernel().delete_key(key_path(u"A")); });
        bench.settled();
        check(!bench.client.state.has_value(), "the deletion was not reported");
    });
}

TEST_CASE("an_ancestor_that_is_deleted_while_its_key_is_waited_for_is_followed_upwards",
          "[watch]") {
    holds("ancestor deleted while waiting", {}, [](WatchBench& bench) {
        bench.kernel().create_key(key_path(u"A\\B"));
        bench.watch(key_path(u"A\\B\\K"));
        bench.write([&] {
            bench.kernel().delete_key(key_path(u"A"));
            bench.kernel().create_key(key_path(u"A\\B\\K"));
        });
        bench.settled();
        check(bench.client.state.has_value(), "the key was not found");
    });
}

TEST_CASE("close_at_any_point_of_a_storm_is_the_end", "[watch]") {
    for (int looks = 0; looks <= 3; ++looks) {
        holds("close after " + std::to_string(looks) + " looks", {}, [&](WatchBench& bench) {
            bench.kernel().create_key(key_path(u"A\\K"));
            bench.watch(key_path(u"A\\K"));
            bench.write([&] {
                bench.kernel().set_value(key_path(u"A\\K"), u"v", dword(1));
                bench.kernel().delete_key(key_path(u"A\\K"));
                bench.kernel().create_key(key_path(u"A\\K"));
            });
            // Somewhere between this look and the next one, wherever the schedule has it.
            const auto enough = static_cast<std::size_t>(looks);
            Scheduler::current()->wait_until("looks",
                                             std::chrono::hours(2) + Scheduler::current()->now(),
                                             [&] { return bench.client.looks >= enough; });
            bench.close();
            bench.writers.clear();
            Scheduler::current()->settle();
        });
    }
}

TEST_CASE("a_change_deep_in_a_subtree_is_seen", "[watch]") {
    holds("deep change", {}, [](WatchBench& bench) {
        bench.kernel().create_key(key_path(u"A\\K\\S\\T"));
        bench.watch(key_path(u"A\\K"), Scope::subtree);
        bench.write([&] {
            bench.kernel().set_value(key_path(u"A\\K\\S\\T"), u"v", dword(1));
            bench.kernel().delete_key(key_path(u"A\\K\\S"));
        });
        bench.settled();
    });
}

TEST_CASE("a_subkey_that_vanishes_while_its_parent_is_read_takes_its_content_along", "[watch]") {
    holds("subkey vanishes during a look", Effort{.random = 8'000}, [](WatchBench& bench) {
        bench.kernel().create_key(key_path(u"A\\K\\S"));
        bench.kernel().set_value(key_path(u"A\\K\\S"), u"v", dword(1));
        bench.watch(key_path(u"A\\K"), Scope::subtree);
        world().settle();
        bench.write([&] {
            bench.kernel().set_value(key_path(u"A\\K\\S"), u"v", dword(2));
            bench.kernel().delete_key(key_path(u"A\\K\\S"));
        });
        bench.settled();
    });
}

TEST_CASE("a_key_that_may_not_be_read_is_tried_again_until_it_may", "[watch]") {
    holds("denied, then granted", {}, [](WatchBench& bench) {
        bench.kernel().create_key(key_path(u"A\\K"));
        bench.kernel().deny(key_path(u"A\\K"));
        bench.watch(key_path(u"A\\K"));
        bench.write([&] {
            Scheduler::current()->sleep_for(std::chrono::seconds(20));
            bench.kernel().allow(key_path(u"A\\K"));
            Scheduler::current()->sleep_for(std::chrono::seconds(120));
        });
        bench.writers.clear();
        check(bench.key->status().state == WatchState::watching, "it is not watched");
        check(bench.platform.journal.count(EventId::key_denied) == 1, "not said exactly once");
        bench.settled();
    });
}

}  // namespace regwatch::sim
