// What can be done about a change, as its lane sees it: one class per way, in src/action.
//
// An action is owned by its lane, which calls deliver() for one change at a time, in order, on a
// thread where it may block. cancel() may come from any other thread at any time, and makes a
// deliver() that blocks return soon.
#pragma once

#include <optional>
#include <string>

#include "change/change.h"
#include "change/event_id.h"

namespace regwatch {

struct ActionFailure {
    EventId id{};             // which notice tells of it; its inserts are action, change, reason
    std::string reason;       // UTF-8, ends with a full stop
    bool is_passing = false;  // trying the same again later may well work
    // Nothing was begun, because the service stops: it is still to be delivered, and so is all after it.
    bool is_put_off = false;
};

class Action {
public:
    virtual ~Action() = default;
    // Nothing, or why the change did not get there.
    virtual std::optional<ActionFailure> deliver(const Change& change) = 0;
    virtual void cancel() noexcept {}
};

}  // namespace regwatch
