// What can be done about a change: one class per way, all behind this.
//
// An action is owned by its lane, which calls deliver() for one change at a time, in order, on a
// thread where it may block. cancel() may come from any other thread at any time, and makes a
// deliver() that blocks return soon.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "change/change.h"
#include "change/event_id.h"
#include "platform/platform.h"
#include "settings/settings.h"

namespace regwatch {

struct ActionFailure {
    EventId id{};        // which notice tells of it; its inserts are action, change, reason
    std::string reason;  // UTF-8, ends with a full stop
};

class Action {
public:
    virtual ~Action() = default;
    // Nothing, or why the change did not get there.
    virtual std::optional<ActionFailure> deliver(const Change& change) = 0;
    virtual void cancel() noexcept {}
};

// What an action must know that is not in its settings.
struct ActionContext {
    std::string data_directory;  // UTF-8, absolute
    std::string host_name;
};

// Fails when an action cannot work at all, so that a start says so instead of every change later.
Result<std::unique_ptr<Action>> make_action(const ActionSettings& settings,
                                            const ActionContext& context, Platform& platform);

}  // namespace regwatch
