#include "service/service_state.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <random>
#include <vector>

using namespace regwatch;
using std::chrono::seconds;

namespace {

constexpr ServiceState::Hints kStateHints{seconds(30), seconds(40)};
constexpr ServiceEvent kEvents[] = {ServiceEvent::step_done, ServiceEvent::started,
                                    ServiceEvent::stop_requested};

ServiceState starting() { return ServiceState(kStateHints); }

ServiceState running() {
    ServiceState state = starting();
    state.apply(ServiceEvent::started);
    return state;
}

ServiceState stopping() {
    ServiceState state = running();
    state.apply(ServiceEvent::stop_requested);
    return state;
}

ServiceState stopped() {
    ServiceState state = stopping();
    state.end({});
    return state;
}

}  // namespace

TEST_CASE("a service begins with starting, the first check point, and takes no control") {
    const ServiceStatus status = starting().status();
    CHECK(status.phase == ServicePhase::starting);
    CHECK(status.check_point == 1);
    CHECK(status.wait_hint == seconds(30));
    CHECK_FALSE(status.accepts_stop);
}

TEST_CASE("each step that is done while starting is the next check point") {
    ServiceState state = starting();
    CHECK(state.apply(ServiceEvent::step_done).report->check_point == 2);
    CHECK(state.apply(ServiceEvent::step_done).report->check_point == 3);
    CHECK(state.phase() == ServicePhase::starting);
}

TEST_CASE("a started service accepts stop and has no check point and no wait hint") {
    ServiceState state = starting();
    state.apply(ServiceEvent::step_done);
    const auto answer = state.apply(ServiceEvent::started);
    REQUIRE(answer.report);
    CHECK(answer.report->phase == ServicePhase::running);
    CHECK(answer.report->accepts_stop);
    CHECK(answer.report->check_point == 0);
    CHECK(answer.report->wait_hint == seconds(0));
}

TEST_CASE("a stop of a running service is pending with check points of its own") {
    ServiceState state = running();
    const auto answer = state.apply(ServiceEvent::stop_requested);
    REQUIRE(answer.report);
    CHECK(answer.report->phase == ServicePhase::stopping);
    CHECK(answer.report->check_point == 1);
    CHECK(answer.report->wait_hint == seconds(40));
    CHECK_FALSE(answer.report->accepts_stop);
    CHECK(state.apply(ServiceEvent::step_done).report->check_point == 2);
}

TEST_CASE("a stop during the start is honoured, and the start that ends behind it says nothing") {
    ServiceState state = starting();
    CHECK(state.apply(ServiceEvent::stop_requested).report->phase == ServicePhase::stopping);
    const auto late = state.apply(ServiceEvent::started);
    CHECK_FALSE(late.refused);
    CHECK_FALSE(late.report);
    CHECK(state.phase() == ServicePhase::stopping);
}

TEST_CASE("a second stop says nothing and keeps the check point") {
    ServiceState state = stopping();
    state.apply(ServiceEvent::step_done);
    const auto again = state.apply(ServiceEvent::stop_requested);
    CHECK_FALSE(again.refused);
    CHECK_FALSE(again.report);
    CHECK(state.status().check_point == 2);
}

TEST_CASE("a running service reports neither steps nor a second start") {
    ServiceState state = running();
    CHECK(state.apply(ServiceEvent::step_done).refused);
    CHECK(state.apply(ServiceEvent::started).refused);
    CHECK(state.status() == running().status());
}

TEST_CASE("a service may end from every phase, with the exit code that is given") {
    const ServiceExit exit{0, 2};
    for (ServiceState state : {starting(), running(), stopping()}) {
        const auto answer = state.end(exit);
        REQUIRE(answer.report);
        CHECK(answer.report->phase == ServicePhase::stopped);
        CHECK(answer.report->exit == exit);
        CHECK(answer.report->check_point == 0);
        CHECK(answer.report->wait_hint == seconds(0));
        CHECK_FALSE(answer.report->accepts_stop);
    }
}

TEST_CASE("after stopped nothing is reported any more") {
    for (const ServiceEvent event : kEvents) {
        ServiceState state = stopped();
        const auto answer = state.apply(event);
        CHECK(answer.refused);
        CHECK_FALSE(answer.report);
    }
    ServiceState state = stopped();
    CHECK(state.end({5, 0}).refused);
    CHECK(state.status().exit == ServiceExit{});
}

TEST_CASE("whatever the order of events, the reports keep the service manager's rules") {
    std::mt19937 random(1);
    for (int round = 0; round < 2'000; ++round) {
        ServiceState state = starting();
        std::vector<ServiceStatus> reports{state.status()};
        for (int step = 0; step < 12; ++step) {
            const auto pick = random() % 8;
            const auto answer = pick == 0 ? state.end({1, 0}) : state.apply(kEvents[pick % 3]);
            if (answer.refused) REQUIRE_FALSE(answer.report);
            if (answer.report) reports.push_back(*answer.report);
        }
        for (std::size_t i = 0; i < reports.size(); ++i) {
            const ServiceStatus& now = reports[i];
            const bool pending =
                now.phase == ServicePhase::starting || now.phase == ServicePhase::stopping;
            REQUIRE((now.check_point != 0) == pending);
            REQUIRE((now.wait_hint != seconds(0)) == pending);
            REQUIRE(now.accepts_stop == (now.phase == ServicePhase::running));
            if (i == 0) continue;
            const ServiceStatus& before = reports[i - 1];
            REQUIRE(before.phase != ServicePhase::stopped);
            REQUIRE(before.phase <= now.phase);
            if (before.phase == now.phase) REQUIRE(now.check_point == before.check_point + 1);
        }
    }
}
