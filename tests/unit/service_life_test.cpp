#include "service/service_life.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace regwatch;

namespace {

constexpr ServiceState::Hints kHints{std::chrono::seconds(30), std::chrono::seconds(40)};

// Each run of a task gets a thread of its own; timers fire when the test says so.
class ThreadExecutor : public Executor {
public:
    class ThreadWork : public Work {
    public:
        explicit ThreadWork(std::function<void()> task) : task_(std::move(task)) {}
        ~ThreadWork() override {
            for (auto& thread : threads_) thread.join();
        }
        void submit() noexcept override { threads_.emplace_back(task_); }

    private:
        std::function<void()> task_;
        std::vector<std::thread> threads_;
    };

    class TestTimer : public Timer {
    public:
        void set(Duration) noexcept override {}
        void cancel() noexcept override {}
    };

    Result<std::unique_ptr<Work>> create_work(std::function<void()> task) override {
        if (--works_until_failure == 0)
            return Error{ErrorKind::transient, 8, "creating", "work", ""};
        return std::unique_ptr<Work>(std::make_unique<ThreadWork>(std::move(task)));
    }
    Result<std::unique_ptr<Timer>> create_timer(std::function<void()> task) override {
        (fire_timer ? fire_overdue : fire_timer) = std::move(task);
        return std::unique_ptr<Timer>(std::make_unique<TestTimer>());
    }

    int works_until_failure = 0;
    std::function<void()> fire_timer;  // the first one; the other is of a stop that hangs
    std::function<void()> fire_overdue;
};

class Gate {
public:
    void open() {
        const Lock lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    void pass() {
        const Lock lock(mutex_);
        while (!open_) changed_.wait(mutex_);
    }

private:
    Mutex mutex_;
    Condition changed_;
    bool open_ REGWATCH_GUARDED_BY(mutex_) = false;
};

class ScriptedWorkload : public Workload {
public:
    std::function<std::optional<StartFailure>(const std::function<void()>&)> on_start =
        [](const auto&) { return std::nullopt; };
    std::function<void()> on_stop = [] {};
    std::function<std::uint64_t()> on_progress = [] { return std::uint64_t{0}; };
    std::function<void(ServiceRequest)> on_serve = [](ServiceRequest) {};
    int stops = 0;

    void serve(ServiceRequest request) override { on_serve(request); }
    std::optional<StartFailure> start(const std::function<void()>& step_done) override {
        return on_start(step_done);
    }
    std::uint64_t progress() const override { return on_progress(); }
    void stop(Duration) override {
        ++stops;
        on_stop();
    }
};

// One life, whose reports may ask for what comes next.
struct Stage {
    ThreadExecutor executor;
    ScriptedWorkload workload;
    std::shared_ptr<ServiceInbox> inbox = std::make_shared<ServiceInbox>();
    std::vector<ServiceStatus> reports;
    std::function<void(const ServiceStatus&)> on_report = [](const ServiceStatus&) {};
    OverdueStop overdue;

    std::optional<StartFailure> live_once() {
        StatusReporter reporter(kHints, [this](const ServiceStatus& status) {
            reports.push_back(status);
            on_report(status);
        });
        reporter.begin();
        auto failure = live(workload, executor, inbox, reporter, {}, overdue);
        reporter.end(ServiceExit{});
        return failure;
    }

    std::vector<ServicePhase> phases() const {
        std::vector<ServicePhase> all;
        for (const auto& report : reports) all.push_back(report.phase);
        return all;
    }

    void stop_when_running() {
        on_report = [this](const ServiceStatus& status) {
            if (status.phase == ServicePhase::running) inbox->request_stop();
        };
    }
};

using Phases = std::vector<ServicePhase>;
constexpr auto kStarting = ServicePhase::starting;
constexpr auto kRunning = ServicePhase::running;
constexpr auto kStopping = ServicePhase::stopping;
constexpr auto kStoppedPhase = ServicePhase::stopped;

}  // namespace

TEST_CASE("a life is starting, running, stopping, stopped") {
    Stage stage;
    stage.stop_when_running();
    CHECK_FALSE(stage.live_once());
    CHECK(stage.phases() == Phases{kStarting, kRunning, kStopping, kStoppedPhase});
    CHECK(stage.workload.stops == 1);
}

TEST_CASE("it is not running before the start has returned") {
    Stage stage;
    bool returned = false;
    stage.workload.on_start = [&](const auto& step_done) -> std::optional<StartFailure> {
        step_done();
        step_done();
        returned = true;
        return std::nullopt;
    };
    stage.on_report = [&](const ServiceStatus& status) {
        if (status.phase != kRunning) return;
        CHECK(returned);
        stage.inbox->request_stop();
    };
    CHECK_FALSE(stage.live_once());
    CHECK(stage.phases() ==
          Phases{kStarting, kStarting, kStarting, kRunning, kStopping, kStoppedPhase});
    CHECK(stage.reports[2].check_point == 3);
}

TEST_CASE("a step that fails ends the life without running and without a stop") {
    Stage stage;
    stage.workload.on_start = [](const auto&) {
        return StartFailure{StartStep::checking_config, "line 3"};
    };
    const auto failure = stage.live_once();
    REQUIRE(failure);
    CHECK(failure->step == StartStep::checking_config);
    CHECK(stage.phases() == Phases{kStarting, kStoppedPhase});
    CHECK(stage.workload.stops == 0);
}

TEST_CASE("a stop during the start is reported at once and waits for the start's end") {
    Stage stage;
    Gate stop_called;
    bool start_returned = false;
    stage.workload.on_start = [&](const auto&) -> std::optional<StartFailure> {
        stage.inbox->request_stop();
        stop_called.pass();
        start_returned = true;
        return std::nullopt;
    };
    stage.workload.on_stop = [&] { stop_called.open(); };
    CHECK_FALSE(stage.live_once());
    CHECK(start_returned);
    CHECK(stage.phases() == Phases{kStarting, kStopping, kStoppedPhase});
}

TEST_CASE("a stop that hangs is told of, and then given up") {
    Stage stage;
    stage.stop_when_running();
    Gate let_go;
    stage.workload.on_stop = [&] {
        stage.executor.fire_overdue();
        let_go.pass();
    };
    std::atomic<int> told = 0;
    stage.overdue.tell = [&] {
        ++told;
        stage.executor.fire_overdue();
    };
    int given_up = 0;
    stage.overdue.give_up = [&] {  // a host would end the process here
        CHECK(told == 1);
        ++given_up;
        let_go.open();
    };
    CHECK_FALSE(stage.live_once());
    CHECK(given_up == 1);
}

TEST_CASE("a stop that ends is neither told of nor given up") {
    Stage stage;
    stage.stop_when_running();
    std::atomic<int> calls = 0;
    stage.overdue.tell = stage.overdue.give_up = [&] { ++calls; };
    stage.on_report = [&, stop = stage.on_report](const ServiceStatus& status) {
        stop(status);
        if (status.phase != kStopping) return;
        // Both at once, as when it ends at the last moment.
        stage.inbox->stop_ended();
        stage.inbox->stop_overdue();
    };
    CHECK_FALSE(stage.live_once());
    CHECK(calls == 0);
}

TEST_CASE("many stops are one stop") {
    Stage stage;
    stage.on_report = [&](const ServiceStatus& status) {
        if (status.phase != kRunning) return;
        for (int i = 0; i < 3; ++i) stage.inbox->request_stop();
    };
    stage.workload.on_stop = [&] { stage.inbox->request_stop(); };
    CHECK_FALSE(stage.live_once());
    CHECK(stage.workload.stops == 1);
    CHECK(stage.phases() == Phases{kStarting, kRunning, kStopping, kStoppedPhase});
}

TEST_CASE("a check point comes from progress, not from the time that passes") {
    Stage stage;
    Gate seen;
    std::atomic<std::uint64_t> progress{5};
    int looks = 0;
    stage.workload.on_progress = [&] {
        // On the reporting thread: the next tick is posted only after this one was dealt with.
        ++looks;
        if (looks == 2) progress = 6;
        if (looks == 4) seen.open();
        const std::uint64_t now = progress;
        if (looks < 4) stage.executor.fire_timer();
        return now;
    };
    stage.workload.on_start = [&](const auto&) -> std::optional<StartFailure> {
        stage.executor.fire_timer();
        seen.pass();
        return std::nullopt;
    };
    stage.stop_when_running();
    CHECK_FALSE(stage.live_once());
    // The looks saw 5, 6, 6, 6: two of them were progress.
    CHECK(stage.phases() ==
          Phases{kStarting, kStarting, kStarting, kRunning, kStopping, kStoppedPhase});
}

TEST_CASE("a start that throws is an internal failure, a stop that throws is still an end") {
    Stage stage;
    stage.workload.on_start = [](const auto&) -> std::optional<StartFailure> {
        throw std::runtime_error("no more memory");
    };
    const auto failure = stage.live_once();
    REQUIRE(failure);
    CHECK(failure->step == StartStep::internal);
    CHECK(failure->reason == "no more memory");

    Stage second;
    second.stop_when_running();
    second.workload.on_stop = [] { throw std::runtime_error("no"); };
    CHECK_FALSE(second.live_once());
    CHECK(second.phases().back() == kStoppedPhase);
}

TEST_CASE("without threads there is no start, and that is said") {
    for (int failing = 1; failing <= 2; ++failing) {
        Stage stage;
        stage.executor.works_until_failure = failing;
        const auto failure = stage.live_once();
        REQUIRE(failure);
        CHECK(failure->step == StartStep::internal);
        CHECK(stage.phases() == Phases{kStarting, kStoppedPhase});
    }
}

TEST_CASE("the inbox takes posts after the life is over") {
    Stage stage;
    stage.stop_when_running();
    CHECK_FALSE(stage.live_once());
    stage.inbox->request_stop();
    CHECK(stage.inbox->wait().stop_requested);
}

TEST_CASE(
    "what is asked for during the start is served once after it, a reload before the status") {
    Stage stage;
    std::vector<ServiceRequest> served;
    bool started = false;
    stage.workload.on_start = [&](const auto&) -> std::optional<StartFailure> {
        for (int i = 0; i < 3; ++i) {
            stage.inbox->request(ServiceRequest::write_status);
            stage.inbox->request(ServiceRequest::reload);
        }
        started = true;
        return std::nullopt;
    };
    stage.workload.on_serve = [&](ServiceRequest request) {
        CHECK(started);
        served.push_back(request);
        if (request == ServiceRequest::write_status) stage.inbox->request_stop();
    };
    CHECK_FALSE(stage.live_once());
    CHECK(served ==
          std::vector<ServiceRequest>{ServiceRequest::reload, ServiceRequest::write_status});
}

TEST_CASE("what is asked for while a reload goes on is served after it, and once") {
    Stage stage;
    std::atomic<int> going_on = 0;
    int reloads = 0;
    stage.workload.on_serve = [&](ServiceRequest) {
        CHECK(++going_on == 1);
        if (++reloads == 1) {
            stage.inbox->request(ServiceRequest::reload);
            stage.inbox->request(ServiceRequest::reload);
        } else {
            stage.inbox->request_stop();
        }
        --going_on;
    };
    stage.on_report = [&](const ServiceStatus& status) {
        if (status.phase == ServicePhase::running) stage.inbox->request(ServiceRequest::reload);
    };
    CHECK_FALSE(stage.live_once());
    CHECK(reloads == 2);
}

TEST_CASE("a stop does not wait for a reload to begin, but for its end, and nothing follows") {
    Stage stage;
    Gate stopping;
    bool ended = false;
    stage.workload.on_serve = [&](ServiceRequest request) {
        CHECK(request == ServiceRequest::reload);
        stage.inbox->request(ServiceRequest::write_status);
        stage.inbox->request_stop();
        stopping.pass();
        ended = true;
    };
    stage.workload.on_stop = [&] { stopping.open(); };
    stage.on_report = [&](const ServiceStatus& status) {
        if (status.phase == ServicePhase::running) stage.inbox->request(ServiceRequest::reload);
        if (status.phase == ServicePhase::stopped) CHECK(ended);
    };
    CHECK_FALSE(stage.live_once());
    CHECK(ended);
}
