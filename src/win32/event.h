// The auto-reset event behind the port's Event, and the way from one to the other.
//
// The handle outlives every wait and registration that uses it: under Wine a closed event that is
// waited on makes its wait thread spin and turns the waits beside it deaf. It even outlives the Event
// for a while. Wine's wait thread lists its handles under a lock, but hands the list to the system
// after it, so a wait that was drained and closed meanwhile is still in it, and an event that gets the
// same handle in that moment loses its signal to a wait that is no more. (Wine 8 and 10: about one in
// 20,000 of keys that were closed and opened at once never heard anything. Pinned by the cycles of
// tests/contract/stress_cycles_test.cpp.)
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "base/sync.h"
#include "platform/persistent_thread.h"
#include "win32/handle.h"

namespace regwatch::win32 {

// Handles that nobody uses any more, closed only when so many others have come after them that no list
// can still have them. Any thread.
class RetiredHandles {
public:
    void add(Handle handle) noexcept REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        handles_[next_].swap(handle);
        next_ = (next_ + 1) % handles_.size();
    }

private:
    Mutex mutex_;
    std::array<Handle, 64> handles_ REGWATCH_GUARDED_BY(mutex_);
    std::size_t next_ REGWATCH_GUARDED_BY(mutex_) = 0;
};

class SystemEvent final : public Event {
public:
    SystemEvent(Handle handle, RetiredHandles& retired) noexcept
        : handle_(std::move(handle)), retired_(retired) {}
    ~SystemEvent() override { retired_.add(std::move(handle_)); }
    [[nodiscard]] HANDLE handle() const noexcept { return handle_.get(); }

private:
    Handle handle_;
    RetiredHandles& retired_;
};

// Every event of a process comes from the one PersistentThread beside its registry.
[[nodiscard]] inline HANDLE handle_of(Event& event) noexcept {
    return static_cast<SystemEvent&>(event).handle();
}

}  // namespace regwatch::win32
