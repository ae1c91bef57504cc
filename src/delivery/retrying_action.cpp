#include "delivery/retrying_action.h"

#include <utility>

#include "change/line.h"

namespace regwatch {

RetryingAction::RetryingAction(std::string name, std::unique_ptr<Action> action, RetryPolicy policy,
                               Executor& executor, Clock& clock, Journal& journal)
    : name_(std::move(name)),
      action_(std::move(action)),
      policy_(policy),
      executor_(executor),
      clock_(clock),
      journal_(journal) {}

std::optional<ActionFailure> RetryingAction::deliver(const Change& change) {
    const SteadyTime begin = clock_.steady_now();
    for (unsigned attempt = 1;; ++attempt) {
        auto failure = action_->deliver(change);
        // A failure, so that whoever cancelled it knows that it is still to be delivered.
        if (failure && (failure->is_put_off || cancelled())) return failure;
        if (!failure) {
            if (attempt > 1)
                journal_.write({EventId::action_recovered, {name_, std::to_string(attempt)}});
            return std::nullopt;
        }
        const Duration delay = policy_.delay_after(attempt);
        if (!failure->is_passing) return failure;
        if (clock_.steady_now() + delay - begin > policy_.patience) {
            failure->reason += " It was tried " + std::to_string(attempt) + " time(s).";
            return failure;
        }
        if (attempt == 1)
            journal_.write(
                {failure->id, {name_, to_line(change), failure->reason + " It is tried again."}});
        if (!pause(delay)) return failure;
    }
}

void RetryingAction::cancel() noexcept {
    {
        const Lock lock(mutex_);
        cancelled_ = true;
        if (waiting_ != nullptr) waiting_->news();
    }
    action_->cancel();
}

bool RetryingAction::pause(Duration delay) {
    auto made = Deadline::create(executor_, delay);
    if (!made) return false;
    Deadline& deadline = **made;
    {
        const Lock lock(mutex_);
        waiting_ = &deadline;
    }
    const bool was_cancelled = deadline.wait([this] { return cancelled(); });
    const Lock lock(mutex_);
    waiting_ = nullptr;
    return !was_cancelled;
}

bool RetryingAction::cancelled() const {
    const Lock lock(mutex_);
    return cancelled_;
}

}  // namespace regwatch
