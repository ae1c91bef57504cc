// Finds the monitor that a wait's callback is meant for, by number.
//
// A callback's context is a number and not a pointer, because a callback may start after its wait was
// drained and its monitor destroyed (Wine 8, see platform/persistent_thread.h); it then finds nothing
// here. Numbers are never used again. add() and remove() from any thread, on_signal() on the
// persistent thread only.
#pragma once

#include <atomic>
#include <cstdint>
#include <unordered_map>

#include "base/sync.h"
#include "platform/persistent_thread.h"

namespace regwatch {

class KeyMonitor;

class WaitTable final : public PersistentThread::Client {
public:
    std::uint64_t add(KeyMonitor& monitor) REGWATCH_EXCLUDES(mutex_);
    // A callback that found the monitor before this may still be running; draining the wait ends it.
    void remove(std::uint64_t id) noexcept REGWATCH_EXCLUDES(mutex_);

    void on_signal(std::uint64_t wait_id) noexcept override REGWATCH_EXCLUDES(mutex_);

    // Every registration is counted, and apart those that were refused because they were not on the
    // persistent thread: there must never be one.
    struct Registrations {
        std::uint64_t made = 0;
        std::uint64_t elsewhere = 0;
    };
    void count_registration(bool on_the_thread) noexcept { ++(on_the_thread ? made_ : elsewhere_); }
    [[nodiscard]] Registrations registrations() const noexcept { return {made_, elsewhere_}; }

private:
    [[nodiscard]] KeyMonitor* find(std::uint64_t id) noexcept REGWATCH_EXCLUDES(mutex_);

    std::atomic<std::uint64_t> made_ = 0;
    std::atomic<std::uint64_t> elsewhere_ = 0;

    Mutex mutex_;
    std::uint64_t last_id_ REGWATCH_GUARDED_BY(mutex_) = 0;
    std::unordered_map<std::uint64_t, KeyMonitor*> monitors_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch
