#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <deque>
#include <future>
#include <thread>

#include "contract/bench.h"

namespace regwatch::test {
namespace {

using Initially = PersistentThread::Initially;

TEST_CASE("an event that was born signalled calls back once, with the wait's number") {
    Bench bench(GENERATE(from_range(systems())));
    const auto id = bench.signals().add();
    const auto other = bench.signals().add();
    OpenWait wait = bench.wait(id);
    wait.arm();
    REQUIRE(bench.signals().wait_for(id, 1));
    wait.stop();
    CHECK(bench.signals().count(id) == 1);
    CHECK(bench.signals().count(other) == 0);
}

TEST_CASE("callbacks run on the persistent thread and nothing else does") {
    Bench bench(GENERATE(from_range(systems())));
    CHECK_FALSE(bench.thread().is_current());
    std::vector<std::thread::id> threads;
    for (int round = 0; round < 10; ++round) {
        bench.on_thread([&] {
            threads.push_back(bench.thread().is_current() ? std::this_thread::get_id()
                                                          : std::thread::id());
        });
    }
    CHECK(threads == std::vector<std::thread::id>(10, threads.at(0)));
    CHECK(threads.at(0) != std::thread::id());
}

TEST_CASE("a wait calls back once for each time it is armed") {
    Bench bench(GENERATE(from_range(systems())));
    const auto id = bench.signals().add();
    OpenWait wait = bench.wait(id, Initially::clear);
    for (int round = 1; round <= 500; ++round) {
        // Before and after arming it, in turns: a signal that is there already counts.
        if (round % 2 == 0) wait.arm();
        bench.subject().signal(wait.event());
        if (round % 2 != 0) wait.arm();
        REQUIRE(bench.signals().wait_for(id, round));
    }
    wait.stop();
    CHECK(bench.signals().count(id) == 500);
}

TEST_CASE("a signal without an armed wait is kept for the next arming") {
    Bench bench(GENERATE(from_range(systems())));
    const auto id = bench.signals().add();
    OpenWait wait = bench.wait(id);
    wait.arm();
    REQUIRE(bench.signals().wait_for(id, 1));
    bench.subject().signal(wait.event());
    bench.on_thread([] {});
    CHECK(bench.signals().count(id) == 1);
    wait.arm();
    CHECK(bench.signals().wait_for(id, 2));
}

TEST_CASE("a change between the callback and the next arming is not lost") {
    Bench bench(GENERATE(from_range(systems())));
    Observed key = bench.hold(u"", Initially::signalled);
    std::vector<bool> registered;
    const auto id = bench.signals().add(
        [&] { registered.push_back(key.key->request_signal(*key.event, Scope::key).ok()); });
    const auto wait = bench.thread().create_wait(bench.client(), id);
    REQUIRE(wait);
    for (std::uint8_t round = 1; round <= 50; ++round) {
        wait.value()->arm(*key.event);
        REQUIRE(bench.signals().wait_for(id, round));
        bench.editor().set_value(u"", u"a", {ValueType::binary, {round}});
    }
    wait.value()->disarm();
    wait.value()->drain();
    CHECK(registered == std::vector<bool>(50, true));
}

TEST_CASE("callbacks never run two at once, however many waits end") {
    Bench bench(GENERATE(from_range(systems())));
    constexpr int kWaits = 200;  // more than the 63 that one thread of the system waits for
    constexpr int kRounds = 5;
    std::deque<OpenWait> waits;
    for (int i = 0; i < kWaits; ++i) waits.push_back(bench.wait(bench.signals().add()));
    for (int round = 1; round <= kRounds; ++round) {
        for (OpenWait& wait : waits) wait.arm();
        for (OpenWait& wait : waits) REQUIRE(bench.signals().wait_for(wait.id(), round));
        for (OpenWait& wait : waits) bench.subject().signal(wait.event());
    }
    for (OpenWait& wait : waits) wait.stop();
    CHECK(bench.signals().most_at_once() == 1);
    for (OpenWait& wait : waits) CHECK(bench.signals().count(wait.id()) == kRounds);
}

TEST_CASE("draining waits for the callback that runs") {
    Bench bench(GENERATE(from_range(systems())));
    std::promise<void> begun;
    std::promise<void> go_on;
    std::atomic<bool> returned = false;
    const auto id = bench.signals().add([&] {
        begun.set_value();
        go_on.get_future().wait();
        returned = true;
    });
    OpenWait wait = bench.wait(id);
    wait.arm();
    begun.get_future().wait();
    std::atomic<bool> too_early = false;
    std::promise<void> stopping;
    std::thread closer([&] {
        stopping.set_value();
        wait.stop();
        too_early = !returned;
    });
    stopping.get_future().wait();
    go_on.set_value();
    closer.join();
    CHECK_FALSE(too_early);
}

TEST_CASE("after disarming and draining nothing acts, whenever the signal comes") {
    Bench bench(GENERATE(from_range(systems())));
    std::atomic<int> late = 0;
    // Waits that stay armed beside it keep the system's own wait thread busy.
    std::deque<OpenWait> others;
    for (int i = 0; i < 20; ++i) others.push_back(bench.wait(bench.signals().add()));
    for (OpenWait& other : others) other.arm();
    for (int round = 0; round < 1000; ++round) {
        std::atomic<bool> closed = false;
        const auto id = bench.signals().add([&] { late += closed ? 1 : 0; });
        OpenWait wait = bench.wait(id, Initially::clear);
        wait.arm();
        std::thread signaller([&] { bench.subject().signal(wait.event()); });
        wait.stop();
        closed = true;
        signaller.join();
        bench.subject().signal(wait.event());
        wait.close();
        bench.signals().remove(id);
    }
    bench.on_thread([] {});
    CHECK(late == 0);
    CHECK(bench.signals().stray() == 0);
}

}  // namespace
}  // namespace regwatch::test
