// The persistent thread of platform/persistent_thread.h: a private thread pool of exactly one
// thread, on whose environment the waits hang.
//
// A pool with minimum = maximum = 1 never retires its thread, and the environment asks for
// persistence as well (TpSetCallbackPersistent; Wine ignores it). The documentation promises
// neither for ever, which is why registrations are thread-agnostic too where the system can do
// that.
//
// A callback's context is a number, never a pointer, and is looked up in a table. So a callback that
// Wine 8 queues after disarm and drain finds nothing, and drain() also waits for one that had found its
// entry before: after it, nothing acts.
//
// Whichever thread of the pool runs the callbacks is the persistent thread. Should the pool take another
// all the same, the end of the first one has signalled what was registered on it, unless that does not
// depend on a thread; so each key that has to be registered again is.
//
// Any thread. Events and waits must be destroyed before this is.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "platform/persistent_thread.h"
#include "win32/event.h"
#include "win32/handle.h"

namespace regwatch::win32 {

class PoolPersistentThread final : public PersistentThread {
public:
    static Result<std::unique_ptr<PoolPersistentThread>> create();
    PoolPersistentThread(const PoolPersistentThread&) = delete;
    PoolPersistentThread& operator=(const PoolPersistentThread&) = delete;

    Result<std::unique_ptr<Event>> create_event(Initially state) override;
    Result<std::unique_ptr<Wait>> create_wait(std::shared_ptr<Client> client,
                                              std::uint64_t wait_id) override;
    [[nodiscard]] bool is_current() const noexcept override;

private:
    friend class PoolWaitObject;

    explicit PoolPersistentThread(Pool pool);

    // Fixed after create().
    const Pool pool_;
    TP_CALLBACK_ENVIRON environment_{};

    std::atomic<DWORD> thread_id_ = 0;  // that ran the last callback
    RetiredHandles retired_events_;
};

}  // namespace regwatch::win32
