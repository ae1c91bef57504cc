// Port: the one thread on which registrations are made, and the waits that the thread pool holds for it.
//
// A registration made without REG_NOTIFY_THREAD_AGNOSTIC dies with the thread that made it, so all of
// them are made on one thread that lives as long as this object (sdk-api, RegNotifyChangeKeyValue).
// Implemented by src/win32/persistent_thread.cpp and by tests/sim.
//
// Life of a wait: create_wait · arm … callback · arm … callback · disarm · drain · destroy. A wait is
// one-shot: the callback runs once per arm, on the persistent thread, when the event is signalled.
// The callback gets an id, never a pointer: on Wine 8 a callback may start after drain() returned
// (measured: 66 of 60,000), and it must then find nothing.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"

namespace regwatch {

// Auto-reset. Closed by its destructor; must outlive every wait that was armed with it and every key
// that has a registration on it.
class Event {
public:
    virtual ~Event() = default;
};

class Wait {
public:
    // Closes the wait. Only after disarm() and drain().
    virtual ~Wait() = default;

    // Asks for one callback as soon as `event` is signalled; an event that is signalled already
    // counts. Does not block, call back or fail: all it needs was allocated by create_wait. May be
    // called from any thread, never twice without a callback in between, never after disarm().
    virtual void arm(Event& event) noexcept = 0;
    // No new callback will be queued; one that is queued or running goes on.
    virtual void disarm() noexcept = 0;
    // Drops queued callbacks and returns when none is running. Blocks: not on the persistent thread
    // and with no lock held.
    virtual void drain() noexcept = 0;
};

class PersistentThread {
public:
    // Who is called when a wait ends. Called on the persistent thread only, never twice at once.
    class Client {
    public:
        virtual void on_signal(std::uint64_t wait_id) noexcept = 0;

    protected:
        ~Client() = default;
    };

    virtual ~PersistentThread() = default;

    enum class Initially { clear, signalled };
    virtual Result<std::unique_ptr<Event>> create_event(Initially state) = 0;
    // The client is kept until its last callback has returned: one that starts after drain() may
    // come when nobody else has a use for the client any more.
    virtual Result<std::unique_ptr<Wait>> create_wait(std::shared_ptr<Client> client,
                                                      std::uint64_t wait_id) = 0;

    // Whether the caller is that thread.
    [[nodiscard]] virtual bool is_current() const noexcept = 0;
};

}  // namespace regwatch
