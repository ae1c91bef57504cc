// The simulated pool: what it promises holds under every schedule, what it leaves open is tried.
#include "sim/sim_executor.h"

#include <catch2/catch_test_macros.hpp>
#include <iostream>
#include <memory>
#include <set>

#include "sim/explorer.h"
#include "sim/floors.h"
#include "sim/scheduler.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<Work> make_work(Executor& executor, std::function<void()> task) {
    return std::move(executor.create_work(std::move(task))).value();
}
std::unique_ptr<Timer> make_timer(Executor& executor, std::function<void()> task) {
    return std::move(executor.create_timer(std::move(task))).value();
}

Report explored_pool(const char* name, const Scenario& scenario) {
    ExploreOptions options;
    options.name = name;
    return explore_completely(options, scenario);
}

std::string violation_of(const std::function<void(SimExecutor&)>& misuse) {
    const Outcome outcome = run_once([&] {
        Faults faults;
        SimExecutor executor("pool", 1, faults);
        misuse(executor);
    });
    return outcome.failure.value_or("");
}

}  // namespace

TEST_CASE("work_runs_once_for_each_submit_and_two_runs_may_overlap", "[executor]") {
    std::set<int> most_at_once;
    const Report report = explored_pool("submit twice", [&] {
        Faults faults;
        SimExecutor executor("pool", 2, faults);
        int runs = 0;
        int running = 0;
        int most = 0;
        const auto work = make_work(executor, [&] {
            most = std::max(most, ++running);
            switch_point("at work");
            --running;
            ++runs;
        });
        work->submit();
        work->submit();
        Scheduler::current()->settle();
        check(runs == 2, "a run was lost or doubled");
        most_at_once.insert(most);
    });
    CHECK_FALSE(report.found());
    CHECK(most_at_once == std::set<int>{1, 2});
}

TEST_CASE("destroying_work_drops_what_has_not_begun_and_waits_for_what_has", "[executor]") {
    std::set<int> runs_seen;
    const Report report = explored_pool("destroy after submit", [&] {
        Faults faults;
        SimExecutor executor("pool", 1, faults);
        int begun = 0;
        int ended = 0;
        auto work = make_work(executor, [&] {
            ++begun;
            switch_point("at work");
            ++ended;
        });
        work->submit();
        work->submit();
        work.reset();
        check(begun == ended, "a run was going on after the end of its work");
        const int before = begun;
        Scheduler::current()->settle();
        check(begun == before, "a run began after the end of its work");
        runs_seen.insert(begun);
    });
    CHECK_FALSE(report.found());
    CHECK(runs_seen == std::set<int>{0, 1, 2});
}

TEST_CASE("timers_run_in_the_order_of_their_times_and_take_no_time_to_wait_for", "[executor]") {
    const Report report = explored_pool("two timers", [] {
        Faults faults;
        SimExecutor executor("pool", 1, faults);
        std::string order;
        const auto late = make_timer(executor, [&] { order += "late "; });
        const auto early = make_timer(executor, [&] { order += "early "; });
        late->set(1h);
        early->set(2h);
        early->set(30min);  // replaces the other setting
        Scheduler::current()->sleep_for(3h);
        check(order == "early late ", "wrong order: " + order);
    });
    CHECK_FALSE(report.found());
}

TEST_CASE("a_timer_that_is_cancelled_when_it_expires_may_or_may_not_run", "[executor]") {
    std::set<int> runs_seen;
    const Report report = explored_pool("cancel against expiry", [&] {
        Faults faults;
        SimExecutor executor("pool", 1, faults);
        int runs = 0;
        auto timer = make_timer(executor, [&] { ++runs; });
        timer->set(1h);
        Scheduler::current()->sleep_for(1h);
        timer->cancel();
        timer.reset();
        const int before = runs;
        Scheduler::current()->sleep_for(1h);
        check(runs == before, "the timer ran after its end");
        runs_seen.insert(runs);
    });
    CHECK_FALSE(report.found());
    CHECK(runs_seen == std::set<int>{0, 1});
}

TEST_CASE("the_rules_of_work_and_timers_are_watched_over", "[executor]") {
    CHECK(violation_of([](SimExecutor& executor) {
              auto work = make_work(executor, [] {});
              Work& stale = *work;
              work.reset();
              stale.submit();
          }) == "destroyed work or a destroyed timer is used: pool");
    CHECK(violation_of([](SimExecutor& executor) {
              auto timer = make_timer(executor, [] {});
              Timer& stale = *timer;
              timer.reset();
              stale.set(1s);
          }) == "destroyed work or a destroyed timer is used: pool");
    CHECK(violation_of([](SimExecutor& executor) {
              std::unique_ptr<Work> work;
              work = make_work(executor, [&] { work.reset(); });
              work->submit();
              Scheduler::current()->settle();
          }) == "a task waits for itself: pool");
    CHECK(violation_of([](SimExecutor& executor) { (void)make_work(executor, [] {}).release(); }) ==
          "an executor ends before its work: pool");
}

}  // namespace regwatch::sim
