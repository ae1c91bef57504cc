// An action that gets no more than it is meant to: not what is muted, and not more than its rate
// limit, or that of all actions together, allows. Whatever is left out is counted and summed up in a
// notice.
//
// A decorator, like RetryingAction and outside of it. deliver() by the lane, one at a time; the timer
// of the summaries runs on a pool thread. What is not told yet is told when it is destroyed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/sync.h"
#include "delivery/action.h"
#include "delivery/left_out_keeper.h"
#include "delivery/mute.h"
#include "delivery/rate_limit.h"
#include "delivery/shared_rate_limit.h"
#include "platform/clock.h"
#include "platform/executor.h"
#include "platform/journal.h"

namespace regwatch {

// What is muted, for all actions: by the mute command, and by the config. Any thread.
class MuteBoard {
public:
    void set(std::vector<Mute> mutes) REGWATCH_EXCLUDES(mutex_);
    void set_schedules(MuteSchedules schedules) REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] std::vector<Mute> get() const REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] MuteSchedules schedules() const REGWATCH_EXCLUDES(mutex_);
    // Differs after every set().
    [[nodiscard]] std::uint64_t edition() const REGWATCH_EXCLUDES(mutex_);

private:
    mutable Mutex mutex_;
    std::vector<Mute> mutes_ REGWATCH_GUARDED_BY(mutex_);
    MuteSchedules schedules_ REGWATCH_GUARDED_BY(mutex_);
    std::uint64_t edition_ REGWATCH_GUARDED_BY(mutex_) = 0;
};

// What paces an action besides its own limit may be null. All of it outlives the action.
struct Pacing {
    RateLimitSettings limit{};
    std::shared_ptr<const MuteBoard> board{};
    SharedRateLimit* limit_in_all = nullptr;
    LeftOutKeeper* keeper = nullptr;
};

class PacedAction final : public Action {
public:
    // Fails for want of a timer.
    static Result<std::unique_ptr<Action>> create(std::string name, std::unique_ptr<Action> action,
                                                  Pacing pacing, Executor& executor, Clock& clock,
                                                  Journal& journal);
    ~PacedAction() override;

    std::optional<ActionFailure> deliver(const Change& change) override REGWATCH_EXCLUDES(mutex_);
    void cancel() noexcept override { action_->cancel(); }

private:
    PacedAction(std::string name, std::unique_ptr<Action> action, Pacing pacing, Clock& clock,
                Journal& journal);
    // Nothing: it gets there.
    [[nodiscard]] std::optional<LeftOut> reason_against(const std::string& watch)
        REGWATCH_EXCLUDES(mutex_);
    void follow_board() REGWATCH_EXCLUDES(mutex_);
    void tell() REGWATCH_EXCLUDES(mutex_);
    void tell(const std::vector<RateLimit::Summary>& limited,
              const std::vector<Mutes::Summary>& muted);

    // Fixed after construction.
    const std::string name_;
    const std::unique_ptr<Action> action_;
    const Pacing pacing_;
    Clock& clock_;
    Journal& journal_;

    Mutex mutex_;
    RateLimit limit_ REGWATCH_GUARDED_BY(mutex_);
    Mutes mutes_ REGWATCH_GUARDED_BY(mutex_);
    std::uint64_t edition_ REGWATCH_GUARDED_BY(mutex_) = 0;
    std::unique_ptr<Timer> timer_;  // last: its task uses all of the above
};

}  // namespace regwatch
