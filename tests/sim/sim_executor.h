// Pool threads and timers, simulated or real as threads.h has it. Every call is a switch point.
//
// Any thread. Threads are started when there is work for them, up to the limit given, and kept. All
// work and timers are destroyed before the executor. Watches over the rules of the port: no use
// after destruction, nobody waits for a task from within it, and no exception leaves a task unless
// the scenario expects that.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "base/sync.h"
#include "platform/executor.h"
#include "sim/faults.h"
#include "sim/threads.h"

namespace regwatch::sim {

class SimExecutor final : public Executor {
public:
    // What a Work and a Timer have in common: something that is run by a worker.
    struct Job {
        std::function<void()> task;
        std::size_t queued = 0;
        std::size_t running = 0;
        std::optional<SteadyTime> due;  // of a timer that is set
        bool closed = false;
    };

    SimExecutor(std::string name, std::size_t max_threads, Faults& faults)
        : name_(std::move(name)), max_threads_(max_threads), faults_(faults) {}
    ~SimExecutor() override;

    Result<std::unique_ptr<Work>> create_work(std::function<void()> task) override;
    Result<std::unique_ptr<Timer>> create_timer(std::function<void()> task) override;

    // From now on an exception that leaves a task ends at the pool's border, as it does in life, and
    // is counted.
    void expect_escapes() REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] std::size_t escapes() const REGWATCH_EXCLUDES(mutex_);

    // The rest is for the work and timers of this executor.

    void add(Job& job) REGWATCH_EXCLUDES(mutex_);
    void submit(Job& job) REGWATCH_EXCLUDES(mutex_);
    void set(Job& timer, Duration delay) REGWATCH_EXCLUDES(mutex_);
    void cancel(Job& timer) REGWATCH_EXCLUDES(mutex_);
    // Waits for the runs that have begun and drops the others.
    void close(Job& job) REGWATCH_EXCLUDES(mutex_);
    // Takes what was destroyed; it lives, marked as closed, as long as the executor.
    template <class T>
    void keep(T* closed) REGWATCH_EXCLUDES(mutex_) {
        FakeLock lock(mutex_);
        kept_.emplace_back(closed, [](void* object) {
            static_cast<T*>(object)->~T();
            ::operator delete(object);
        });
    }

private:
    struct Worker {
        Job* job = nullptr;  // null: idle
        std::unique_ptr<Thread> thread;
    };

    void push(Job& job) REGWATCH_REQUIRES(mutex_);
    void work(std::size_t self) REGWATCH_EXCLUDES(mutex_);
    void escaped() REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] Job* take(std::size_t self) REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool is_next(std::size_t self) const REGWATCH_REQUIRES(mutex_);
    [[nodiscard]] std::size_t idle_workers() const REGWATCH_REQUIRES(mutex_);
    void recall(Job& timer) REGWATCH_REQUIRES(mutex_);
    void drop_queued(Job& job) REGWATCH_REQUIRES(mutex_);
    void keep_time() REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] Job* earliest_timer() const REGWATCH_REQUIRES(mutex_);
    void check_open(const Job& job) const REGWATCH_REQUIRES(mutex_);

    // Fixed after construction.
    const std::string name_;
    const std::size_t max_threads_;
    Faults& faults_;

    mutable Mutex mutex_;
    Signal changed_;
    std::deque<Job*> queue_ REGWATCH_GUARDED_BY(mutex_);
    std::vector<Job*> jobs_ REGWATCH_GUARDED_BY(mutex_);  // all that are not destroyed
    std::vector<std::unique_ptr<Worker>> workers_ REGWATCH_GUARDED_BY(mutex_);
    std::vector<std::pair<void*, void (*)(void*)>> kept_ REGWATCH_GUARDED_BY(mutex_);
    std::unique_ptr<Thread> timekeeper_ REGWATCH_GUARDED_BY(mutex_);
    bool timer_changed_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool stopping_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool expects_escapes_ REGWATCH_GUARDED_BY(mutex_) = false;
    std::size_t escapes_ REGWATCH_GUARDED_BY(mutex_) = 0;
};

}  // namespace regwatch::sim
