#include "sim/sim_executor.h"

#include <algorithm>
#include <utility>

namespace regwatch::sim {
namespace {

class SimWork final : public Work {
public:
    SimWork(SimExecutor& executor, std::function<void()> task) : executor_(executor) {
        job_.task = std::move(task);
        executor_.add(job_);
    }
    void operator delete(SimWork* self, std::destroying_delete_t) {
        self->executor_.close(self->job_);
        self->executor_.keep(self);
    }

    void submit() noexcept override {
        switch_point("submit");
        executor_.submit(job_);
    }

private:
    SimExecutor& executor_;
    SimExecutor::Job job_;
};

class SimTimer final : public Timer {
public:
    SimTimer(SimExecutor& executor, std::function<void()> task) : executor_(executor) {
        job_.task = std::move(task);
        executor_.add(job_);
    }
    void operator delete(SimTimer* self, std::destroying_delete_t) {
        self->executor_.close(self->job_);
        self->executor_.keep(self);
    }

    void set(Duration delay) noexcept override {
        switch_point("set timer");
        executor_.set(job_, delay);
    }
    void cancel() noexcept override {
        switch_point("cancel timer");
        executor_.cancel(job_);
    }

private:
    SimExecutor& executor_;
    SimExecutor::Job job_;
};

// Nothing else happens while the exception is there: threads that are simulated share one list of those
// that are caught.
bool goes_through(const std::function<void()>& task) {
    try {
        run_code_under_test(task);
        return true;
    } catch (...) {
        return false;
    }
}

}  // namespace

SimExecutor::~SimExecutor() {
    std::vector<Thread*> threads;
    {
        FakeLock lock(mutex_);
        if (!jobs_.empty()) violation("an executor ends before its work: " + name_);
        stopping_ = true;
        changed_.notify();
        for (const auto& worker : workers_) threads.push_back(worker->thread.get());
        if (timekeeper_) threads.push_back(timekeeper_.get());
    }
    for (Thread* thread : threads) thread->join();
    FakeLock lock(mutex_);
    for (const auto& [object, destroy] : kept_) destroy(object);
}

Result<std::unique_ptr<Work>> SimExecutor::create_work(std::function<void()> task) {
    switch_point("create work");
    if (const auto kind = faults_.next("create work fails")) {
        return make_error(*kind, "creating work for the pool", name_);
    }
    return std::unique_ptr<Work>(std::make_unique<SimWork>(*this, std::move(task)));
}

Result<std::unique_ptr<Timer>> SimExecutor::create_timer(std::function<void()> task) {
    switch_point("create timer");
    if (const auto kind = faults_.next("create timer fails")) {
        return make_error(*kind, "creating a timer", name_);
    }
    return std::unique_ptr<Timer>(std::make_unique<SimTimer>(*this, std::move(task)));
}

void SimExecutor::add(Job& job) {
    FakeLock lock(mutex_);
    jobs_.push_back(&job);
}

void SimExecutor::submit(Job& job) {
    FakeLock lock(mutex_);
    check_open(job);
    push(job);
}

void SimExecutor::push(Job& job) {
    ++job.queued;
    queue_.push_back(&job);
    if (idle_workers() < queue_.size() && workers_.size() < max_threads_) {
        const std::size_t index = workers_.size();
        workers_.push_back(std::make_unique<Worker>());
        workers_.back()->thread = std::make_unique<Thread>(name_ + ' ' + std::to_string(index + 1),
                                                           [this, index] { work(index); });
    }
    changed_.notify();
}

void SimExecutor::work(std::size_t self) {
    while (Job* job = take(self)) {
        if (!goes_through(job->task)) escaped();
    }
}

void SimExecutor::escaped() {
    FakeLock lock(mutex_);
    if (!expects_escapes_) violation("an exception left a task: " + name_);
    ++escapes_;
}

void SimExecutor::expect_escapes() {
    FakeLock lock(mutex_);
    expects_escapes_ = true;
}

std::size_t SimExecutor::escapes() const {
    FakeLock lock(mutex_);
    return escapes_;
}

// Ends the last run and waits for the next; null when there will be none.
SimExecutor::Job* SimExecutor::take(std::size_t self) {
    FakeLock lock(mutex_);
    Worker& worker = *workers_[self];
    if (Job* done = std::exchange(worker.job, nullptr)) --done->running;
    changed_.notify();
    changed_.wait("task", mutex_, [this, self]() REGWATCH_REQUIRES(mutex_) {
        return stopping_ || (!queue_.empty() && is_next(self));
    });
    if (queue_.empty()) return nullptr;
    worker.job = queue_.front();
    queue_.pop_front();
    --worker.job->queued;
    ++worker.job->running;
    changed_.notify();
    return worker.job;
}

// Idle workers are all alike; that the first of them goes first keeps the schedules down.
bool SimExecutor::is_next(std::size_t self) const {
    return std::all_of(workers_.begin(), workers_.begin() + static_cast<std::ptrdiff_t>(self),
                       [](const auto& worker) { return worker->job != nullptr; });
}

std::size_t SimExecutor::idle_workers() const {
    return static_cast<std::size_t>(
        std::count_if(workers_.begin(), workers_.end(),
                      [](const auto& worker) { return worker->job == nullptr; }));
}

void SimExecutor::close(Job& job) {
    blocking_switch_point("close work or timer");
    FakeLock lock(mutex_);
    check_open(job);
    for (const auto& worker : workers_) {
        if (worker->job == &job && worker->thread->is_current()) {
            violation("a task waits for itself: " + name_);
        }
    }
    job.closed = true;
    job.due.reset();
    drop_queued(job);
    changed_.wait("end of task", mutex_, [&job] { return job.running == 0; });
    std::erase(jobs_, &job);
}

void SimExecutor::drop_queued(Job& job) {
    std::erase(queue_, &job);
    job.queued = 0;
}

void SimExecutor::set(Job& timer, Duration delay) {
    FakeLock lock(mutex_);
    check_open(timer);
    recall(timer);
    timer.due = steady_now() + delay;
    timer_changed_ = true;
    if (!timekeeper_) {
        timekeeper_ = std::make_unique<Thread>(name_ + " timer", [this] { keep_time(); });
    }
    changed_.notify();
}

void SimExecutor::cancel(Job& timer) {
    FakeLock lock(mutex_);
    check_open(timer);
    recall(timer);
}

void SimExecutor::recall(Job& timer) {
    timer.due.reset();
    // A run that the pool has queued already may or may not be caught.
    if (timer.queued != 0 && choose(2, "expired timer runs") == 0) drop_queued(timer);
}

void SimExecutor::keep_time() {
    FakeLock lock(mutex_);
    while (!stopping_) {
        timer_changed_ = false;
        const auto disturbed = [this]() REGWATCH_REQUIRES(mutex_) {
            return stopping_ || timer_changed_;
        };
        Job* timer = earliest_timer();
        if (timer == nullptr) {
            changed_.wait("a timer", mutex_, disturbed);
        } else if (!changed_.wait_until("timer", mutex_, *timer->due, disturbed)) {
            // It may have been cancelled while this thread was on its way back here.
            timer = earliest_timer();
            if (timer == nullptr || *timer->due > steady_now()) continue;
            timer->due.reset();
            push(*timer);
        }
    }
}

SimExecutor::Job* SimExecutor::earliest_timer() const {
    Job* earliest = nullptr;
    for (Job* job : jobs_) {
        if (job->due && (earliest == nullptr || *job->due < *earliest->due)) earliest = job;
    }
    return earliest;
}

void SimExecutor::check_open(const Job& job) const {
    if (job.closed) violation("destroyed work or a destroyed timer is used: " + name_);
}

}  // namespace regwatch::sim
