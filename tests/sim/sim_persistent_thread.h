// The persistent thread and the pool's waits on a simulated kernel. Every call is a switch point.
//
// Any thread; the kernel outlives it, and all its events and waits are closed before it ends.
#pragma once

#include <memory>
#include <new>

#include "platform/persistent_thread.h"
#include "sim/notification.h"
#include "sim/sim_kernel.h"
#include "sim/threads.h"

namespace regwatch::sim {

class SimEvent final : public Event {
public:
    SimEvent(SimKernel& kernel, PersistentThread::Initially state);
    void operator delete(SimEvent* self, std::destroying_delete_t);

    // For tests, which the port gives no access to the event.
    void signal() REGWATCH_EXCLUDES(kernel_.mutex);
    // Waits until it is signalled and clears it; false: not within `bound`.
    [[nodiscard]] bool take_signal(Duration bound) REGWATCH_EXCLUDES(kernel_.mutex);

    // The kernel's mutex is held; the compiler cannot see that another one's is the same.
    [[nodiscard]] EventState& use();

private:
    void close();

    SimKernel& kernel_;
    EventState state_;
};

class SimPersistentThread;

class SimWait final : public Wait {
public:
    SimWait(SimKernel& kernel, CallbackQueue& queue, const SimPersistentThread& thread,
            std::shared_ptr<PersistentThread::Client> client, std::uint64_t wait_id);
    void operator delete(SimWait* self, std::destroying_delete_t);

    void arm(Event& event) noexcept override;
    void disarm() noexcept override;
    void drain() noexcept override;

private:
    void drop_queued() REGWATCH_REQUIRES(kernel_.mutex);
    void close();

    SimKernel& kernel_;
    const SimPersistentThread& thread_;
    WaitState state_;
};

class SimPersistentThread final : public PersistentThread {
public:
    explicit SimPersistentThread(SimKernel& kernel);
    ~SimPersistentThread() override;

    Result<std::unique_ptr<Event>> create_event(Initially state) override;
    Result<std::unique_ptr<Wait>> create_wait(std::shared_ptr<Client> client,
                                              std::uint64_t wait_id) override;
    [[nodiscard]] bool is_current() const noexcept override {
        return thread_ != nullptr && thread_->is_current();
    }

    // The pool takes another thread in its stead, which no system is known to do.
    void replace();

private:
    void begin() REGWATCH_EXCLUDES(kernel_.mutex);
    void end() REGWATCH_EXCLUDES(kernel_.mutex);
    void run();
    [[nodiscard]] bool take(Callback& callback) REGWATCH_EXCLUDES(kernel_.mutex);

    SimKernel& kernel_;
    CallbackQueue queue_;             // guarded by the kernel's mutex
    std::unique_ptr<Thread> thread_;  // last: runs on all of the above
};

}  // namespace regwatch::sim
