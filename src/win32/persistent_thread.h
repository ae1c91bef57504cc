// The persistent thread of platform/persistent_thread.h: a private thread pool of exactly one
// thread, on whose environment the waits hang.
//
// A pool with minimum = maximum = 1 never retires its thread, and the environment asks for
// persistence as well (TpSetCallbackPersistent; Wine ignores it). The documentation promises
// neither for ever, which is why registrations are thread-agnostic too where the system can do
// that.
//
// A callback's context is a number, never a pointer, and is looked up in a table on the one thread
// that runs callbacks. So a callback that Wine 8 queues after disarm and drain finds nothing, and
// drain() also waits for one that had found its entry before: after it, nothing acts.
//
// Any thread. Events and waits must be destroyed before this is.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "base/sync.h"
#include "platform/persistent_thread.h"
#include "win32/event.h"
#include "win32/handle.h"

namespace regwatch::win32 {

class PoolPersistentThread final : public PersistentThread {
public:
    static Result<std::unique_ptr<PoolPersistentThread>> create();
    // Returns when the thread runs no callback of ours and will find none.
    ~PoolPersistentThread() override;
    PoolPersistentThread(const PoolPersistentThread&) = delete;
    PoolPersistentThread& operator=(const PoolPersistentThread&) = delete;

    Result<std::unique_ptr<Event>> create_event(Initially state) override;
    Result<std::unique_ptr<Wait>> create_wait(std::shared_ptr<Client> client,
                                              std::uint64_t wait_id) override;
    [[nodiscard]] bool is_current() const noexcept override;

private:
    friend class PoolWaitObject;
    using Ticket = std::uintptr_t;  // the context of a wait; never used twice
    struct Entry {
        std::shared_ptr<Client> client;
        std::uint64_t wait_id = 0;
    };

    explicit PoolPersistentThread(Pool pool);

    Ticket enter(std::shared_ptr<Client> client, std::uint64_t wait_id) REGWATCH_EXCLUDES(mutex_);
    // No callback finds the ticket any more, and the one that did has returned.
    void leave(Ticket ticket) noexcept REGWATCH_EXCLUDES(mutex_);
    void dispatch(Ticket ticket) noexcept REGWATCH_EXCLUDES(mutex_);

    Result<void> run_on_thread(PTP_WORK_CALLBACK callback);
    static void CALLBACK begin(PTP_CALLBACK_INSTANCE, void* self, PTP_WORK) noexcept;
    static void CALLBACK end(PTP_CALLBACK_INSTANCE, void* self, PTP_WORK) noexcept;
    static void CALLBACK on_wait(PTP_CALLBACK_INSTANCE, void* ticket, PTP_WAIT,
                                 TP_WAIT_RESULT) noexcept;

    // Fixed after create().
    const Pool pool_;
    TP_CALLBACK_ENVIRON environment_{};
    DWORD thread_id_ = 0;

    RetiredHandles retired_events_;

    Mutex mutex_;
    Condition returned_;
    std::map<Ticket, Entry> entries_ REGWATCH_GUARDED_BY(mutex_);
    Ticket last_ REGWATCH_GUARDED_BY(mutex_) = 0;
    Ticket running_ REGWATCH_GUARDED_BY(mutex_) = 0;  // 0: no callback
};

}  // namespace regwatch::win32
