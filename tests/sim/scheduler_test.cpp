// The explorer on trial: it must find what is known to be wrong, and nothing in what is right.
#include "sim/scheduler.h"

#include <catch2/catch_test_macros.hpp>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/sync.h"
#include "sim/explorer.h"
#include "sim/floors.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

Scheduler& scheduler() { return *Scheduler::current(); }

// The life of a watched key in a few lines: an event, a wait on it held by a pool thread, and a value
// that somebody changes twice.
class TinyWatch {
public:
    enum class Order { arm_then_read, read_then_arm };
    enum class Rearm { guarded, unconditional };

    TinyWatch(Order order, Rearm rearm) : order_(order), rearm_(rearm) {}

    void pool_thread() {
        for (;;) {
            scheduler().wait_until("signal", [this] { return over_ || (waiting_ && signalled_); });
            if (over_ && !(waiting_ && signalled_)) return;
            waiting_ = signalled_ = false;
            check(!freed_, "a callback ran after close() returned");
            ++in_flight_;
            callback();
            --in_flight_;
        }
    }

    void write_twice() {
        for (int i = 0; i < 2; ++i) {
            scheduler().point("write");
            ++value_;
            if (registered_) signalled_ = true;
            registered_ = false;
        }
    }

    void close() {
        scheduler().point("disarm");
        closed_ = true;
        waiting_ = false;
        scheduler().wait_until("drain", [this] { return in_flight_ == 0; });
        freed_ = true;
    }

    void end_pool() { over_ = true; }
    [[nodiscard]] bool is_up_to_date() const { return seen_ == value_; }

private:
    void callback() {
        if (order_ == Order::arm_then_read) arm();
        scheduler().point("read");
        seen_ = value_;
        if (order_ == Order::read_then_arm) arm();
        scheduler().point("wait again");
        if (rearm_ == Rearm::unconditional || !closed_) waiting_ = true;
    }
    void arm() {
        scheduler().point("arm");
        registered_ = true;
    }

    const Order order_;
    const Rearm rearm_;
    int value_ = 0;
    int seen_ = -1;
    int in_flight_ = 0;
    bool registered_ = false;
    bool signalled_ = true;  // born signalled
    bool waiting_ = true;
    bool closed_ = false;
    bool freed_ = false;
    bool over_ = false;
};

void watch_without_close(TinyWatch::Order order) {
    TinyWatch watch(order, TinyWatch::Rearm::guarded);
    const auto pool = scheduler().spawn("pool", [&] { watch.pool_thread(); });
    const auto writer = scheduler().spawn("writer", [&] { watch.write_twice(); });
    scheduler().join(writer);
    scheduler().settle();
    check(watch.is_up_to_date(), "lost update");
    watch.end_pool();
    scheduler().join(pool);
}

void watch_with_close(TinyWatch::Rearm rearm) {
    TinyWatch watch(TinyWatch::Order::arm_then_read, rearm);
    const auto pool = scheduler().spawn("pool", [&] { watch.pool_thread(); });
    const auto writer = scheduler().spawn("writer", [&] { watch.write_twice(); });
    watch.close();
    scheduler().join(writer);
    scheduler().settle();
    watch.end_pool();
    scheduler().join(pool);
}

Report explored(const char* name, const Scenario& scenario) {
    ExploreOptions options;
    options.name = name;
    Report report = explore(options, scenario);
    std::cout << report << '\n';
    return report;
}

void is_complete(const Report& report) {
    CHECK(report.complete);
    has_not_shrunk(report.name, report.schedules);
}

}  // namespace

TEST_CASE("registering_before_reading_loses_no_change_under_any_schedule", "[scheduler]") {
    const Report report =
        explored("arm then read", [] { watch_without_close(TinyWatch::Order::arm_then_read); });
    CHECK_FALSE(report.found());
    is_complete(report);
}

TEST_CASE("reading_before_registering_loses_a_change_and_the_explorer_finds_it", "[scheduler]") {
    const Scenario scenario = [] { watch_without_close(TinyWatch::Order::read_then_arm); };
    const Report report = explored("read then arm (fault)", scenario);
    REQUIRE(report.found());
    CHECK(report.first_failure == "lost update");

    SECTION("and_its_schedule_replays_the_same_failure") {
        const Outcome again = replay(report.schedule, scenario);
        REQUIRE(again.failure == report.first_failure);
        CHECK(again.trace == report.trace);
    }
}

TEST_CASE("a_guarded_close_lets_no_callback_through_under_any_schedule", "[scheduler]") {
    const Report report =
        explored("guarded close", [] { watch_with_close(TinyWatch::Rearm::guarded); });
    CHECK_FALSE(report.found());
    is_complete(report);
}

TEST_CASE("an_unconditional_rearm_survives_close_and_the_explorer_finds_it", "[scheduler]") {
    const Scenario scenario = [] { watch_with_close(TinyWatch::Rearm::unconditional); };
    const Report report = explored("unconditional re-arm (fault)", scenario);
    REQUIRE(report.found());
    CHECK(report.first_failure == "a callback ran after close() returned");
    CHECK(replay(report.schedule, scenario).failure == report.first_failure);

    SECTION("also_by_a_search_with_few_forced_switches") {
        ExploreOptions options;
        options.name = "the same with two forced switches";
        options.max_forced_switches = 2;
        const Report bounded = explore(options, scenario);
        std::cout << bounded << '\n';
        CHECK(bounded.found());
    }
    SECTION("also_by_a_random_search") {
        ExploreOptions options;
        options.name = "the same at random";
        options.search = ExploreOptions::Search::random;
        options.max_schedules = 10'000;
        const Report random = explore(options, scenario);
        std::cout << random << '\n';
        REQUIRE(random.found());
        CHECK(replay(random.schedule, scenario).failure == random.first_failure);
    }
}

TEST_CASE("a_bound_on_forced_switches_makes_the_search_smaller_and_still_complete", "[scheduler]") {
    const Scenario scenario = [] { watch_with_close(TinyWatch::Rearm::guarded); };
    std::size_t last = 0;
    for (std::size_t bound = 0; bound < 4; ++bound) {
        ExploreOptions options;
        options.max_forced_switches = bound;
        const Report report = explore(options, scenario);
        CHECK_FALSE(report.found());
        CHECK(report.complete);
        CHECK(report.schedules > last);
        last = report.schedules;
    }
    CHECK(last < 1'000);
}

TEST_CASE("two_locks_taken_in_both_orders_are_a_deadlock", "[scheduler]") {
    const Report report = explored("two locks in both orders (fault)", [] {
        Mutex a;
        Mutex b;
        const auto take = [](Mutex& first, Mutex& second) {
            Lock outer(first);
            scheduler().point("between the locks");
            Lock inner(second);
        };
        const auto one = scheduler().spawn("one", [&] { take(a, b); });
        const auto other = scheduler().spawn("other", [&] { take(b, a); });
        scheduler().join(one);
        scheduler().join(other);
    });
    REQUIRE(report.found());
    CHECK(report.first_failure.find("deadlock") == 0);
    CHECK(report.first_failure.find("one (at contended lock)") != std::string::npos);
}

TEST_CASE("a_notification_that_comes_before_the_wait_is_lost_as_it_is_in_real_life",
          "[scheduler]") {
    // The predicate is looked at outside the lock, so the notification can fall in between.
    const Report report = explored("lost wake-up (fault)", [] {
        Mutex mutex;
        Condition condition;
        bool done = false;
        const auto waiter = scheduler().spawn("waiter", [&] {
            if (done) return;
            scheduler().point("between look and wait");
            Lock lock(mutex);
            condition.wait(mutex);
        });
        scheduler().point("do it");
        {
            Lock lock(mutex);
            done = true;
        }
        condition.notify_all();
        scheduler().join(waiter);
    });
    REQUIRE(report.found());
    CHECK(report.first_failure.find("deadlock") == 0);
}

TEST_CASE("a_wait_in_a_loop_over_its_predicate_always_ends", "[scheduler]") {
    const Report report = explored("guarded wait", [] {
        Mutex mutex;
        Condition condition;
        int items = 0;
        std::vector<Scheduler::ThreadId> takers;
        for (int i = 0; i < 2; ++i) {
            takers.push_back(scheduler().spawn("taker", [&] {
                Lock lock(mutex);
                while (items == 0) condition.wait(mutex);
                --items;
            }));
        }
        for (int i = 0; i < 2; ++i) {
            scheduler().point("put");
            Lock lock(mutex);
            ++items;
            condition.notify_all();
        }
        for (const auto taker : takers) scheduler().join(taker);
        check(items == 0, "an item was taken twice");
    });
    CHECK_FALSE(report.found());
    is_complete(report);
}

TEST_CASE("a_thread_that_spins_for_ever_is_a_failure", "[scheduler]") {
    const Outcome outcome = run_once(
        [] {
            for (;;) scheduler().point("spin");
        },
        {.max_steps = 100});
    CHECK(outcome.failure == "no end after 100 steps");
}

TEST_CASE("a_thread_that_nobody_joins_is_a_failure", "[scheduler]") {
    const Outcome outcome = run_once([] { scheduler().spawn("stray", [] {}); });
    CHECK(outcome.failure == "the run is over, but stray was not joined");
}

TEST_CASE("an_exception_that_leaves_a_thread_is_a_failure", "[scheduler]") {
    const Outcome outcome = run_once([] { throw std::runtime_error("oops"); });
    CHECK(outcome.failure == "main ended with an exception: oops");
}

TEST_CASE("time_passes_only_when_nobody_can_do_anything_else", "[scheduler]") {
    const Report report = explored("virtual time", [] {
        std::string order;
        const auto start = scheduler().now();
        const auto sleeper = [&](const char* name, Duration duration) {
            return scheduler().spawn("sleeper", [&order, name, duration] {
                scheduler().sleep_for(duration);
                order += name;
            });
        };
        const auto late = sleeper("late ", 2h);
        const auto early = sleeper("early ", 1h);
        for (int i = 0; i < 3; ++i) scheduler().point("work");
        check(scheduler().now() == start, "time passed while there was work");
        scheduler().settle();
        check(scheduler().now() == start, "time passed in settle()");
        scheduler().join(late);
        scheduler().join(early);
        check(order == "early late ", "the sleepers woke up in the wrong order");
        check(scheduler().now() == start + 2h, "the clock shows a wrong time");
    });
    CHECK_FALSE(report.found());
    is_complete(report);
}

TEST_CASE("a_timer_may_come_before_the_work_when_the_scenario_allows_it", "[scheduler]") {
    const Scenario scenario = [] {
        bool worked = false;
        const auto timer = scheduler().spawn("timer", [&] {
            scheduler().sleep_for(1h);
            check(worked, "the timer was first");
        });
        scheduler().point("start");
        scheduler().point("work");
        worked = true;
        scheduler().join(timer);
    };
    ExploreOptions options;
    options.name = "timer against work";
    CHECK_FALSE(explore(options, scenario).found());
    options.scheduler.timers_at_any_time = true;
    CHECK(explore(options, scenario).first_failure == "the timer was first");
}

TEST_CASE("a_race_between_two_locks_is_found_when_locks_are_switch_points", "[scheduler]") {
    const Scenario scenario = [] {
        Mutex mutex;
        int balance = 0;
        const auto add = [&] {
            int seen = 0;
            {
                Lock lock(mutex);
                seen = balance;
            }
            Lock lock(mutex);
            balance = seen + 1;
        };
        const auto other = scheduler().spawn("other", add);
        add();
        scheduler().join(other);
        check(balance == 2, "an addition was lost");
    };
    ExploreOptions options;
    options.name = "read and write under two locks";
    CHECK_FALSE(explore(options, scenario).found());
    options.scheduler.locks_are_points = true;
    CHECK(explore(options, scenario).first_failure == "an addition was lost");
}

TEST_CASE("what_the_system_leaves_open_is_explored_like_a_schedule", "[scheduler]") {
    std::vector<std::size_t> seen;
    const Report report =
        explored("a choice of three", [&] { seen.push_back(scheduler().choose(3, "weather")); });
    CHECK(report.complete);
    CHECK(seen == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("a_schedule_of_another_scenario_is_refused", "[scheduler]") {
    const Outcome outcome = replay("9", [] { (void)scheduler().choose(2, "coin"); });
    CHECK(outcome.failure == kDoesNotFit);
    CHECK(replay("01", [] { (void)scheduler().choose(2, "coin"); }).failure == kDoesNotFit);
}

}  // namespace regwatch::sim
