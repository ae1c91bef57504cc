#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "contract/bound.h"
#include "contract/subject.h"

namespace regwatch::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Something that threads wait for: a number that only grows.
class Counter {
public:
    void add() {
        const std::lock_guard lock(mutex_);
        ++count_;
        changed_.notify_all();
    }
    [[nodiscard]] bool wait_for(int count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kBound, [&] { return count_ >= count; });
    }
    [[nodiscard]] int count() {
        const std::lock_guard lock(mutex_);
        return count_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

TEST_CASE("work runs once for each time it is submitted, from whichever thread") {
    const auto executor = make_executor(4);
    Counter runs;
    const auto work = executor->create_work([&] { runs.add(); });
    REQUIRE(work);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 250; ++i) work.value()->submit();
        });
    }
    for (std::thread& thread : threads) thread.join();
    REQUIRE(runs.wait_for(1000));

    // Another thousand runs later there is none too many.
    for (int i = 0; i < 1000; ++i) work.value()->submit();
    REQUIRE(runs.wait_for(2000));
    CHECK(runs.count() == 2000);
}

TEST_CASE("work may submit itself") {
    const auto executor = make_executor(2);
    Counter runs;
    Work* self = nullptr;
    const auto work = executor->create_work([&] {
        runs.add();
        if (runs.count() < 100) self->submit();
    });
    REQUIRE(work);
    self = work.value().get();
    self->submit();
    CHECK(runs.wait_for(100));
}

TEST_CASE("work never runs on more threads than stated, and on several when it blocks") {
    const auto executor = make_executor(3);
    std::atomic<int> now = 0;
    std::atomic<int> most = 0;
    Counter begun;
    Counter released;
    Counter done;
    const auto work = executor->create_work([&] {
        int seen = most;
        const int mine = ++now;
        while (mine > seen && !most.compare_exchange_weak(seen, mine)) {
        }
        begun.add();
        static_cast<void>(released.wait_for(1));
        --now;
        done.add();
    });
    REQUIRE(work);
    for (int i = 0; i < 30; ++i) work.value()->submit();
    CHECK(begun.wait_for(3));
    released.add();
    REQUIRE(done.wait_for(30));
    CHECK(most == 3);
}

TEST_CASE("destroying work waits for a run that has begun") {
    const auto executor = make_executor(2);
    Counter begun;
    Counter released;
    std::atomic<bool> returned = false;
    auto work = executor->create_work([&] {
        begun.add();
        static_cast<void>(released.wait_for(1));
        returned = true;
    });
    REQUIRE(work);
    work.value()->submit();
    REQUIRE(begun.wait_for(1));
    std::thread releaser([&] { released.add(); });
    work.value().reset();
    CHECK(returned);
    releaser.join();
}

TEST_CASE("destroying work drops the runs that have not begun") {
    const auto executor = make_executor(1);
    Counter begun;
    Counter released;
    const auto blocker = executor->create_work([&] {
        begun.add();
        static_cast<void>(released.wait_for(1));
    });
    Counter dropped;
    auto work = executor->create_work([&] { dropped.add(); });
    REQUIRE(blocker);
    REQUIRE(work);
    blocker.value()->submit();
    REQUIRE(begun.wait_for(1));
    work.value()->submit();
    work.value().reset();
    released.add();
    blocker.value()->submit();
    REQUIRE(begun.wait_for(2));
    CHECK(dropped.count() == 0);
}

TEST_CASE("a timer runs its task once, and not before its time") {
    const auto executor = make_executor(2);
    Counter runs;
    steady_clock::time_point ran_at;
    const auto timer = executor->create_timer([&] {
        ran_at = steady_clock::now();
        runs.add();
    });
    Counter later;
    const auto fence = executor->create_timer([&] { later.add(); });
    REQUIRE(timer);
    REQUIRE(fence);
    const auto set_at = steady_clock::now();
    timer.value()->set(milliseconds(50));
    REQUIRE(runs.wait_for(1));
    // The system counts in clock ticks.
    CHECK(ran_at - set_at > milliseconds(30));
    fence.value()->set(milliseconds(150));
    REQUIRE(later.wait_for(1));
    CHECK(runs.count() == 1);

    timer.value()->set(Duration::zero());
    CHECK(runs.wait_for(2));
}

TEST_CASE("a new setting replaces the earlier one") {
    const auto executor = make_executor(2);
    Counter runs;
    const auto timer = executor->create_timer([&] { runs.add(); });
    REQUIRE(timer);
    timer.value()->set(std::chrono::hours(1));
    timer.value()->set(milliseconds(1));
    CHECK(runs.wait_for(1));
}

TEST_CASE("a cancelled timer does not run, and can be set again") {
    const auto executor = make_executor(2);
    Counter runs;
    Counter later;
    const auto timer = executor->create_timer([&] { runs.add(); });
    const auto fence = executor->create_timer([&] { later.add(); });
    REQUIRE(timer);
    REQUIRE(fence);
    timer.value()->set(milliseconds(500));
    timer.value()->cancel();
    fence.value()->set(milliseconds(700));
    REQUIRE(later.wait_for(1));
    CHECK(runs.count() == 0);
    timer.value()->set(milliseconds(1));
    CHECK(runs.wait_for(1));
}

TEST_CASE("destroying a timer cancels it, or waits for the run that has begun") {
    const auto executor = make_executor(2);
    Counter begun;
    Counter released;
    std::atomic<bool> returned = false;
    auto timer = executor->create_timer([&] {
        begun.add();
        static_cast<void>(released.wait_for(1));
        returned = true;
    });
    REQUIRE(timer);
    SECTION("far from its time") {
        timer.value()->set(std::chrono::hours(1));
        timer.value().reset();
        CHECK_FALSE(returned);
    }
    SECTION("while it runs") {
        timer.value()->set(Duration::zero());
        REQUIRE(begun.wait_for(1));
        std::thread releaser([&] { released.add(); });
        timer.value().reset();
        CHECK(returned);
        releaser.join();
    }
}

}  // namespace
}  // namespace regwatch::test
