// An action that tries again what failed for a passing reason: a full disk, an Event Log that is down.
//
// A decorator around the action itself, so that its lane knows nothing of it: deliver() returns when
// the change got there, when the failure is one that stays, when the patience is over, or when it is
// cancelled. Meanwhile the lane's queue fills up, in order. One notice at the first failure, one when
// it works again, one when a change is given up; not one for each try.
#pragma once

#include <memory>
#include <string>

#include "base/sync.h"
#include "delivery/action.h"
#include "delivery/deadline.h"
#include "delivery/retry.h"
#include "platform/clock.h"
#include "platform/executor.h"
#include "platform/journal.h"

namespace regwatch {

class RetryingAction final : public Action {
public:
    RetryingAction(std::string name, std::unique_ptr<Action> action, RetryPolicy policy,
                   Executor& executor, Clock& clock, Journal& journal);

    std::optional<ActionFailure> deliver(const Change& change) override REGWATCH_EXCLUDES(mutex_);
    void cancel() noexcept override REGWATCH_EXCLUDES(mutex_);

private:
    // False when cancelled, or when there is no timer for it.
    bool pause(Duration delay) REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool cancelled() const REGWATCH_EXCLUDES(mutex_);

    // Fixed after construction.
    const std::string name_;
    const std::unique_ptr<Action> action_;
    const RetryPolicy policy_;
    Executor& executor_;
    Clock& clock_;
    Journal& journal_;

    mutable Mutex mutex_;
    bool cancelled_ REGWATCH_GUARDED_BY(mutex_) = false;
    Deadline* waiting_ REGWATCH_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace regwatch
