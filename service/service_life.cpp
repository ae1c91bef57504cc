#include "service/service_life.h"

#include <array>
#include <exception>
#include <utility>

namespace regwatch {
namespace {

std::optional<StartFailure> start_guarded(Workload& workload, ServiceInbox& inbox) noexcept {
    try {
        return workload.start([&inbox] { inbox.step_done(); });
    } catch (const std::exception& caught) {
        return StartFailure{StartStep::internal, caught.what()};
    } catch (...) {
        return StartFailure{StartStep::internal, "an unknown exception"};
    }
}

void stop_guarded(Workload& workload, Duration deadline) noexcept {
    try {
        workload.stop(deadline);
    } catch (...) {
        // There is nothing left to do but to end; the workload's destructor stops without grace.
        return;
    }
}

void serve_guarded(Workload& workload, ServiceRequest request) noexcept {
    try {
        workload.serve(request);
    } catch (...) {
        // Out of memory, most likely: it may be asked for again.
        return;
    }
}

// Created before the start, so that the moment of need cannot fail. Destroyed before the workload.
struct Tasks {
    std::unique_ptr<Work> start;
    std::unique_ptr<Work> stop;
    std::array<std::unique_ptr<Work>, kServiceRequests> serve;
    std::unique_ptr<Timer> tick;
    std::unique_ptr<Work> tell_overdue;
    std::unique_ptr<Timer> overdue;
};

Result<Tasks> create_tasks(Workload& workload, Executor& executor,
                           const std::shared_ptr<ServiceInbox>& inbox, Duration deadline,
                           const std::function<void()>& tell_overdue) {
    Tasks tasks;
    auto start = executor.create_work(
        [&workload, inbox] { inbox->start_ended(start_guarded(workload, *inbox)); });
    if (!start) return std::move(start).error();
    auto stop = executor.create_work([&workload, inbox, deadline] {
        stop_guarded(workload, deadline);
        inbox->stop_ended();
    });
    if (!stop) return std::move(stop).error();
    auto tick = executor.create_timer([inbox] { inbox->tick(); });
    if (!tick) return std::move(tick).error();
    auto overdue = executor.create_timer([inbox] { inbox->stop_overdue(); });
    if (!overdue) return std::move(overdue).error();
    auto tell = executor.create_work(tell_overdue ? tell_overdue : [] {});
    if (!tell) return std::move(tell).error();
    for (std::size_t i = 0; i < kServiceRequests; ++i) {
        auto serve = executor.create_work([&workload, inbox, i] {
            serve_guarded(workload, static_cast<ServiceRequest>(i));
            inbox->request_ended();
        });
        if (!serve) return std::move(serve).error();
        tasks.serve[i] = std::move(serve).value();
    }
    tasks.start = std::move(start).value();
    tasks.stop = std::move(stop).value();
    tasks.tick = std::move(tick).value();
    tasks.overdue = std::move(overdue).value();
    tasks.tell_overdue = std::move(tell).value();
    return tasks;
}

class Life {
public:
    Life(Workload& workload, Tasks tasks, StatusReporter& reporter, LifeTimes times,
         std::function<void()> give_up)
        : workload_(workload),
          tasks_(std::move(tasks)),
          reporter_(reporter),
          times_(times),
          give_up_(std::move(give_up)) {}

    std::optional<StartFailure> run(ServiceInbox& inbox) {
        tasks_.start->submit();
        tasks_.tick->set(times_.look_for_progress);
        while (!over()) take(inbox.wait());
        tasks_.tick->cancel();
        tasks_.overdue->cancel();
        return std::move(failure_);
    }

private:
    [[nodiscard]] bool over() const {
        if (!start_ended_) return false;
        return stopping_ ? stop_ended_ && !serving_ : failure_.has_value();
    }

    void take(ServiceInbox::News news) {
        for (; news.steps_done != 0; --news.steps_done) reporter_.tell(ServiceEvent::step_done);
        if (news.tick) look_for_progress();
        if (news.start_ended) end_start(std::move(news.start_failure));
        if (news.stop_requested) begin_stop();
        stop_ended_ = stop_ended_ || news.stop_ended;
        requests_ |= news.requests;
        if (news.request_ended) serving_ = false;
        if (news.stop_overdue && !over()) do_about_overdue();
        serve_next();
    }

    void look_for_progress() {
        if (start_ended_) return;
        const std::uint64_t progress = workload_.progress();
        if (progress > progress_) reporter_.tell(ServiceEvent::step_done);
        progress_ = progress;
        tasks_.tick->set(times_.look_for_progress);
    }

    void end_start(std::optional<StartFailure> failure) {
        start_ended_ = true;
        failure_ = std::move(failure);
        if (!failure_) reporter_.tell(ServiceEvent::started);
    }

    void serve_next() {
        if (!start_ended_ || failure_ || stopping_ || serving_) return;
        for (std::size_t i = 0; i < kServiceRequests; ++i) {
            if (!requests_.test(i)) continue;
            requests_.reset(i);
            serving_ = true;
            tasks_.serve[i]->submit();
            return;
        }
    }

    void begin_stop() {
        // A start that has failed ends without a stop: there is nothing to be stopped.
        if (stopping_ || failure_) return;
        stopping_ = true;
        reporter_.tell(ServiceEvent::stop_requested);
        tasks_.stop->submit();
        if (give_up_) tasks_.overdue->set(times_.stop_overdue);
    }

    void do_about_overdue() {
        if (std::exchange(overdue_told_, true)) return give_up_();
        tasks_.tell_overdue->submit();
        tasks_.overdue->set(times_.until_given_up);
    }

    Workload& workload_;
    Tasks tasks_;
    StatusReporter& reporter_;
    const LifeTimes times_;
    const std::function<void()> give_up_;

    bool start_ended_ = false;
    bool stopping_ = false;
    bool stop_ended_ = false;
    bool serving_ = false;
    bool overdue_told_ = false;
    std::bitset<kServiceRequests> requests_;
    std::uint64_t progress_ = 0;
    std::optional<StartFailure> failure_;
};

}  // namespace

void ServiceInbox::step_done() noexcept {
    const Lock lock(mutex_);
    ++news_.steps_done;
    any_ = true;
    changed_.notify_all();
}

void ServiceInbox::tick() noexcept {
    const Lock lock(mutex_);
    news_.tick = true;
    any_ = true;
    changed_.notify_all();
}

void ServiceInbox::start_ended(std::optional<StartFailure> failure) noexcept {
    const Lock lock(mutex_);
    news_.start_ended = true;
    news_.start_failure = std::move(failure);
    any_ = true;
    changed_.notify_all();
}

void ServiceInbox::request(ServiceRequest what) noexcept {
    const Lock lock(mutex_);
    news_.requests.set(static_cast<std::size_t>(what));
    any_ = true;
    changed_.notify_all();
}

void ServiceInbox::request_ended() noexcept {
    const Lock lock(mutex_);
    news_.request_ended = true;
    any_ = true;
    changed_.notify_all();
}

void ServiceInbox::request_stop() noexcept {
    const Lock lock(mutex_);
    news_.stop_requested = true;
    any_ = true;
    changed_.notify_all();
}

void ServiceInbox::stop_ended() noexcept {
    const Lock lock(mutex_);
    news_.stop_ended = true;
    any_ = true;
    changed_.notify_all();
}

void ServiceInbox::stop_overdue() noexcept {
    const Lock lock(mutex_);
    news_.stop_overdue = true;
    any_ = true;
    changed_.notify_all();
}

ServiceInbox::News ServiceInbox::wait() {
    const Lock lock(mutex_);
    while (!any_) changed_.wait(mutex_);
    any_ = false;
    return std::exchange(news_, News{});
}

StatusReporter::StatusReporter(ServiceState::Hints hints, Report report)
    : state_(hints), report_(std::move(report)) {}

void StatusReporter::pass_on(const ServiceState::Answer& answer) {
    if (answer.report) report_(*answer.report);
}

std::optional<StartFailure> live(Workload& workload, Executor& executor,
                                 const std::shared_ptr<ServiceInbox>& inbox,
                                 StatusReporter& reporter, LifeTimes times,
                                 const OverdueStop& overdue) {
    auto tasks = create_tasks(workload, executor, inbox, times.stop_deadline, overdue.tell);
    if (!tasks) return StartFailure{StartStep::internal, tasks.error().text()};
    Life life(workload, std::move(tasks).value(), reporter, times, overdue.give_up);
    return life.run(*inbox);
}

}  // namespace regwatch
