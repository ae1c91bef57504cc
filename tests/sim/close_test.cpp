// The end of a watch, at the worst moments: in a callback, beside a timer, twice, behind a callback
// that comes too late.
#include "sim/scenario.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

void nothing_is_left(WatchBench& bench) {
    bench.writers.clear();
    world().settle();
    bench.nothing_is_open();
    check(bench.key->status().state == WatchState::closed, "it does not say that it is closed");
}

}  // namespace

TEST_CASE("close_while_a_callback_registers_is_the_end", "[close]") {
    holds("close in a callback", Effort{.random = 4'000}, [](WatchBench& bench) {
        bench.kernel().create_key(kKey);
        bench.watch(kKey);
        world().settle();
        const std::size_t before = bench.kernel().counts().callbacks;
        bench.write([&] {
            for (std::uint8_t i = 1; i <= 3; ++i) bench.kernel().set_value(kKey, u"v", dword(i));
        });
        world().wait_until("a callback",
                           [&] { return bench.kernel().counts().callbacks > before; });
        bench.close();
        nothing_is_left(bench);
    });
}

TEST_CASE("closing_twice_is_closing_once", "[close]") {
    holds("close twice", {}, [](WatchBench& bench) {
        bench.kernel().create_key(kKey);
        bench.watch(kKey);
        bench.write([&] { bench.kernel().set_value(kKey, u"v", dword(1)); });
        bench.close();
        bench.close();
        nothing_is_left(bench);
    });
}

TEST_CASE("a_callback_that_comes_after_the_drain_finds_nothing", "[close]") {
    const auto late = [](KernelRules& rules) { rules.late_callback = Behaviour::always; };
    const Effort effort{.random = 4'000, .adjust = late};
    holds("late callback", effort, [](WatchBench& bench) {
        bench.kernel().create_key(kKey);
        bench.watch(kKey);
        world().settle();
        bench.write([&] { bench.kernel().set_value(kKey, u"v", dword(1)); });
        world().point("closing");
        bench.close();
        bench.key.reset();
        bench.writers.clear();
        world().settle();
    });
}

TEST_CASE("a_callback_of_a_closed_watch_does_not_reach_the_next_one_on_the_key", "[close]") {
    const auto late = [](KernelRules& rules) { rules.late_callback = Behaviour::always; };
    const Effort effort{.random = 2'000, .adjust = late};
    holds("closed and watched again", effort, [](WatchBench& bench) {
        bench.kernel().create_key(kKey);
        {
            Neighbour first(bench, kKey);
            bench.kernel().set_value(kKey, u"v", dword(1));
            world().point("closing");
            first.close();
        }
        bench.watch(kKey);
        bench.kernel().set_value(kKey, u"v", dword(2));
        bench.settled();
    });
}

TEST_CASE("close_at_the_moment_when_the_timer_is_due_is_the_end", "[close]") {
    const Effort effort{.random = 4'000, .timers_at_any_time = true};
    holds("timer against close", effort, [](WatchBench& bench) {
        bench.kernel().create_key(kKey);
        bench.kernel().deny(kKey);
        bench.watch(kKey);
        world().settle();
        world().sleep_for(1s);  // the first delay of what is denied
        bench.close();
        nothing_is_left(bench);
        const std::size_t opens = bench.kernel().counts().opens;
        bench.kernel().allow(kKey);
        world().sleep_for(3h);
        check(bench.kernel().counts().opens == opens, "something was opened after the end");
    });
}

TEST_CASE("close_while_the_key_is_waited_for_is_the_end", "[close]") {
    holds("close while waiting", {}, [](WatchBench& bench) {
        bench.kernel().create_key(key_path(u"A"));
        bench.watch(key_path(u"A\\B\\K"));
        bench.write([&] { bench.kernel().create_key(key_path(u"A\\B\\K")); });
        world().point("closing");
        bench.close();
        nothing_is_left(bench);
    });
}

TEST_CASE("close_waits_for_the_delivery_that_is_going_on", "[close]") {
    holds("close in a delivery", {}, [](WatchBench& bench) {
        bench.kernel().create_key(kKey);
        bool delivering = false;
        bool delivered = false;
        bench.client.on_delivery = [&] {
            delivering = true;
            world().sleep_for(10s);
            delivered = true;
        };
        bench.watch(kKey);
        world().wait_until("the delivery", [&] { return delivering; });
        bench.close();
        check(delivered, "close() returned in the middle of a delivery");
        nothing_is_left(bench);
    });
}

TEST_CASE("a_close_from_within_a_delivery_is_refused_by_name_instead_of_hanging", "[close]") {
    const Outcome outcome = run_once([] {
        WatchBench bench(windows_rules());
        bench.kernel().create_key(kKey);
        bench.client.on_delivery = [&] { bench.key->close(); };
        bench.watch(kKey);
        bench.settled();
        bench.close();
    });
    CHECK(outcome.failure == "a strand is closed from within its own run");
}

}  // namespace regwatch::sim
