// The auto-reset event behind the port's Event, and the way from one to the other.
//
// The handle is closed by the destructor, so the object outlives every wait and registration that
// uses it: under Wine a closed event that is waited on makes its wait thread spin and turns the
// waits beside it deaf.
#pragma once

#include <utility>

#include "platform/persistent_thread.h"
#include "win32/handle.h"

namespace regwatch::win32 {

class SystemEvent final : public Event {
public:
    explicit SystemEvent(Handle handle) noexcept : handle_(std::move(handle)) {}
    [[nodiscard]] HANDLE handle() const noexcept { return handle_.get(); }

private:
    const Handle handle_;
};

// Every event of a process comes from the one PersistentThread beside its registry.
[[nodiscard]] inline HANDLE handle_of(Event& event) noexcept {
    return static_cast<SystemEvent&>(event).handle();
}

}  // namespace regwatch::win32
