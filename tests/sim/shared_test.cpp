// Monitors that several watches share: nobody's coming or going costs another one a change.
#include "sim/scenario.h"

namespace regwatch::sim {
namespace {}  // namespace

TEST_CASE("two_watches_on_one_key_share_it_and_one_may_close_while_the_other_looks", "[shared]") {
    holds("one of two closes", {}, [](WatchBench& bench) {
        bench.kernel().create_key(kKey);
        // The first seat is the neighbour's: its removal moves the other one.
        Neighbour neighbour(bench, kKey);
        world().settle();
        bench.watch(kKey);
        world().settle();
        check(bench.kernel().counts().open_keys == 2, "the key and its parent are not shared");
        bench.write([&] {
            for (std::uint8_t i = 1; i <= 2; ++i) bench.kernel().set_value(kKey, u"v", dword(i));
        });
        neighbour.close();
        bench.settled();
        bench.kernel().set_value(kKey, u"v", dword(9));
        bench.settled();
    });
}

TEST_CASE("siblings_share_the_watch_on_their_parent_and_each_sees_its_own_deletion", "[shared]") {
    holds("siblings", Effort{.random = 1'500}, [](WatchBench& bench) {
        const KeyPath other = key_path(u"A\\L");
        bench.kernel().create_key(kKey);
        bench.kernel().create_key(other);
        bench.watch(kKey);
        Neighbour neighbour(bench, other);
        world().settle();
        check(bench.kernel().counts().open_keys == 3, "not two keys and one parent are open");
        bench.kernel().delete_key(other);
        bench.settled();
        neighbour.settled();
        check(!neighbour.client.state.has_value(), "the deletion was not reported");
        bench.kernel().delete_key(kKey);
        bench.settled();
        check(!bench.client.state.has_value(), "the sibling's deletion was not reported");
        neighbour.close();
    });
}

TEST_CASE("a_newcomer_never_gets_the_monitor_of_a_deleted_key", "[shared]") {
    holds("newcomer at a deleted key", {}, [](WatchBench& bench) {
        bench.kernel().create_key(kKey);
        Neighbour neighbour(bench, kKey);
        world().settle();
        // Its look stands still, so the old monitor is still there when the newcomer asks.
        bool go_on = false;
        neighbour.client.on_delivery = [&] {
            world().wait_until("held up", [&] { return go_on; });
        };
        bench.kernel().set_value(kKey, u"v", dword(1));
        world().settle();
        bench.kernel().delete_key(kKey);
        bench.kernel().create_key(kKey);
        bench.watch(kKey);
        world().settle();
        bench.kernel().set_value(kKey, u"v", dword(2));
        bench.settled();
        check(bench.client.state && bench.client.state->values.size() == 1,
              "the newcomer watches a deleted key");
        go_on = true;
        neighbour.settled();
        neighbour.close();
    });
}

TEST_CASE("a_look_that_takes_long_delays_no_other_key", "[shared]") {
    holds("a slow look", {}, [](WatchBench& bench) {
        const KeyPath other = key_path(u"B\\L");
        bench.kernel().create_key(kKey);
        bench.kernel().create_key(other);
        bench.watch(kKey);
        Neighbour neighbour(bench, other);
        world().settle();
        bool go_on = false;
        neighbour.client.on_delivery = [&] {
            world().wait_until("held up", [&] { return go_on; });
        };
        bench.kernel().set_value(other, u"v", dword(1));
        world().settle();
        for (std::uint8_t i = 1; i <= 2; ++i) {
            bench.kernel().set_value(kKey, u"v", dword(i));
            bench.settled();
        }
        // A storm meanwhile costs the slow one a single callback.
        const std::size_t callbacks = bench.kernel().counts().callbacks;
        for (std::uint8_t i = 2; i <= 9; ++i) bench.kernel().set_value(other, u"v", dword(i));
        world().settle();
        check(bench.kernel().counts().callbacks == callbacks, "armed while a look was owed");
        go_on = true;
        neighbour.settled();
        neighbour.close();
    });
}

TEST_CASE("a_watch_on_the_parent_with_subkeys_does_not_disturb_the_one_on_the_child", "[shared]") {
    holds("parent and child", {}, [](WatchBench& bench) {
        bench.kernel().create_key(kKey);
        bench.watch(kKey);
        Neighbour parent(bench, key_path(u"A"), Scope::subtree);
        world().settle();
        bench.write([&] {
            bench.kernel().set_value(kKey, u"v", dword(1));
            bench.kernel().delete_key(kKey);
        });
        bench.settled();
        parent.settled();
        parent.close();
    });
}

TEST_CASE("several_threads_close_watches_on_one_key_at_once", "[shared]") {
    holds("closed by three threads", Effort{.adjust = without_latch}, [](WatchBench& bench) {
        bench.kernel().create_key(kKey);
        bench.watch(kKey);
        Neighbour second(bench, kKey);
        Neighbour third(bench, kKey);
        {
            const Thread one("closing the second", [&] { second.close(); });
            const Thread two("closing the third", [&] { third.close(); });
            bench.kernel().set_value(kKey, u"v", dword(1));
            bench.close();
        }
        world().settle();
        check(bench.kernel().counts().open_keys == 0, "a key is still open");
        check(bench.kernel().counts().open_waits == 0, "a wait is still open");
    });
}

}  // namespace regwatch::sim
