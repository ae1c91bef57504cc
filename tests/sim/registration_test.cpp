// Between a signal, the next registration, the look and the arming of the wait: no change is lost, and
// none is made up.
#include "sim/scenario.h"

namespace regwatch::sim {
namespace {

void made_with_a_value(WatchBench& bench) {
    bench.kernel().create_key(kKey);
    bench.kernel().set_value(kKey, u"v", dword(0));
}

}  // namespace

TEST_CASE("a_change_between_a_signal_and_the_next_registration_is_read", "[registration]") {
    holds("change before registering again", {}, [](WatchBench& bench) {
        made_with_a_value(bench);
        bench.watch(kKey);
        world().settle();
        bench.write([&] {
            const std::size_t before = bench.kernel().counts().callbacks;
            bench.kernel().set_value(kKey, u"v", dword(1));
            world().wait_until("a callback",
                               [&] { return bench.kernel().counts().callbacks > before; });
            bench.kernel().set_value(kKey, u"v", dword(2));
        });
        bench.settled();
    });
}

TEST_CASE("a_change_between_the_registration_and_the_arming_is_seen", "[registration]") {
    holds("change before arming", {}, [](WatchBench& bench) {
        made_with_a_value(bench);
        // After the reading, before the wait is armed.
        bench.client.on_delivery = [&] {
            if (bench.client.looks <= 3) {
                const auto data = static_cast<std::uint8_t>(bench.client.looks);
                bench.kernel().set_value(kKey, u"v", dword(data));
            }
        };
        bench.watch(kKey);
        bench.settled();
        check(bench.client.count(DifferenceKind::value_set) == 3, "a change was missed");
    });
}

TEST_CASE("nothing_is_read_before_the_registration", "[registration]") {
    holds("first look", {}, [](WatchBench& bench) {
        made_with_a_value(bench);
        bench.client.on_delivery = [&] {
            check(bench.kernel().was_registered(kKey), "read before it was registered");
        };
        bench.watch(kKey);
        // Whoever is woken early by the parent has to wait as well.
        bench.write([&] {
            bench.kernel().create_key(key_path(u"A\\Other"));
            bench.kernel().create_key(key_path(u"A\\Third"));
        });
        bench.settled();
        check(bench.client.looks > 0, "nothing was read");
    });
}

TEST_CASE("a_signal_without_a_change_reports_nothing_and_is_not_the_last", "[registration]") {
    holds("signals for nothing", {}, [](WatchBench& bench) {
        made_with_a_value(bench);
        bench.watch(kKey);
        world().settle();
        bench.write([&] {
            bench.kernel().signal_for_nothing(kKey);
            bench.kernel().signal_for_nothing(key_path(u"A"));
            bench.kernel().signal_for_nothing(kKey);
        });
        bench.settled();
        check(bench.client.differences.empty(), "a change was made up");
        check(bench.platform.journal.notices().size() == 1, "the log was filled");
        bench.write([&] { bench.kernel().set_value(kKey, u"v", dword(1)); });
        bench.writers.clear();
        world().settle();
        check(bench.client.count(DifferenceKind::value_set) == 1, "deaf after an extra signal");
        bench.kernel().delete_key(kKey);
        bench.settled();
        check(!bench.client.state.has_value(), "deaf after an extra signal of the parent");
    });
}

TEST_CASE("a_latch_that_fires_each_new_registration_once_more_causes_no_loop", "[registration]") {
    const auto latch = [](KernelRules& rules) { rules.interim_change_signals = Behaviour::always; };
    holds("interim latch", Effort{.adjust = latch}, [](WatchBench& bench) {
        made_with_a_value(bench);
        bench.watch(kKey);
        bench.write([&] {
            for (std::uint8_t i = 1; i <= 2; ++i) bench.kernel().set_value(kKey, u"v", dword(i));
        });
        bench.settled();
        // Two keys with a first callback each; then at most two for each change.
        check(bench.kernel().counts().callbacks <= 2 + 2 * 2 + 2, "more callbacks than changes");
        check(bench.platform.journal.notices().size() == 1, "the log was filled");
    });
}

TEST_CASE("an_idle_watch_costs_one_registration_a_key", "[registration]") {
    holds("idle", {}, [](WatchBench& bench) {
        made_with_a_value(bench);
        bench.watch(kKey);
        bench.settled();
        const KernelCounts counts = bench.kernel().counts();
        check(counts.registrations == 2, "not one for the key and one for its parent");
        check(counts.callbacks == 2, "callbacks without a signal");
        check(counts.open_keys == 2, "not one key and its parent are open");
    });
}

TEST_CASE("every_signal_is_followed_by_another_registration", "[registration]") {
    holds("one after the other", {}, [](WatchBench& bench) {
        made_with_a_value(bench);
        bench.watch(kKey);
        world().settle();
        for (std::uint8_t i = 1; i <= 4; ++i) {
            bench.kernel().set_value(kKey, u"v", dword(i));
            bench.settled();
        }
        check(bench.client.count(DifferenceKind::value_set) == 4, "a change was missed");
    });
}

TEST_CASE("writing_the_same_data_is_no_change_whether_it_signals_or_not", "[registration]") {
    holds("same data", {}, [](WatchBench& bench) {
        made_with_a_value(bench);
        bench.watch(kKey);
        world().settle();
        bench.write([&] {
            bench.kernel().set_value(kKey, u"v", dword(0));
            bench.kernel().set_value(kKey, u"v", dword(0));
        });
        bench.settled();
        check(bench.client.differences.empty(), "the same data was reported as a change");
    });
}

TEST_CASE("a_value_that_is_changed_and_restored_between_two_looks_is_at_most_two_changes",
          "[registration]") {
    holds("there and back", {}, [](WatchBench& bench) {
        made_with_a_value(bench);
        bench.watch(kKey);
        world().settle();
        bench.write([&] {
            bench.kernel().set_value(kKey, u"v", dword(1));
            bench.kernel().set_value(kKey, u"v", dword(0));
        });
        bench.settled();
        const std::size_t changes = bench.client.differences.size();
        check(changes == 0 || changes == 2, "there without back");
    });
}

TEST_CASE("a_persistent_thread_that_the_pool_replaces_leaves_no_key_deaf", "[registration]") {
    holds("the thread is replaced", Effort{.adjust = without_latch}, [](WatchBench& bench) {
        made_with_a_value(bench);
        bench.watch(kKey);
        bench.write([&] { bench.kernel().set_value(kKey, u"v", dword(1)); });
        bench.platform.persistent_thread.replace();
        bench.settled();
        bench.kernel().set_value(kKey, u"v", dword(2));
        bench.settled();
    });
}

}  // namespace regwatch::sim
