#include "delivery/paced_action.h"

#include <utility>

#include "text/time.h"

namespace regwatch {

void MuteBoard::set(std::vector<Mute> mutes) {
    const Lock lock(mutex_);
    mutes_ = std::move(mutes);
    ++edition_;
}

std::vector<Mute> MuteBoard::get() const {
    const Lock lock(mutex_);
    return mutes_;
}

void MuteBoard::set_schedules(MuteSchedules schedules) {
    const Lock lock(mutex_);
    schedules_ = std::move(schedules);
    ++edition_;
}

MuteSchedules MuteBoard::schedules() const {
    const Lock lock(mutex_);
    return schedules_;
}

std::uint64_t MuteBoard::edition() const {
    const Lock lock(mutex_);
    return edition_;
}

PacedAction::PacedAction(std::string name, std::unique_ptr<Action> action, RateLimitSettings limit,
                         std::shared_ptr<const MuteBoard> board, Clock& clock, Journal& journal)
    : name_(std::move(name)),
      action_(std::move(action)),
      board_(std::move(board)),
      clock_(clock),
      journal_(journal),
      limit_(limit) {}

Result<std::unique_ptr<Action>> PacedAction::create(
    std::string name, std::unique_ptr<Action> action, RateLimitSettings limit,
    std::shared_ptr<const MuteBoard> board, Executor& executor, Clock& clock, Journal& journal) {
    std::unique_ptr<PacedAction> paced(new PacedAction(std::move(name), std::move(action), limit,
                                                       std::move(board), clock, journal));
    auto timer = executor.create_timer([self = paced.get()] { self->tell(); });
    if (!timer) return std::move(timer).error();
    paced->timer_ = std::move(timer).value();
    return std::unique_ptr<Action>(std::move(paced));
}

PacedAction::~PacedAction() {
    timer_.reset();
    std::vector<RateLimit::Summary> limited;
    std::vector<Mutes::Summary> muted;
    {
        const Lock lock(mutex_);
        limited = limit_.take_rest(clock_.steady_now());
        muted = mutes_.take_rest();
    }
    tell(limited, muted);
}

std::optional<ActionFailure> PacedAction::deliver(const Change& change) {
    const bool passes = may_pass(change.watch);
    tell();
    if (!passes) return std::nullopt;
    return action_->deliver(change);
}

bool PacedAction::may_pass(const std::string& watch) {
    const SteadyTime now = clock_.steady_now();
    const WallTime wall = clock_.wall_now();
    follow_board();
    const Lock lock(mutex_);
    return !mutes_.swallows(watch, wall) && limit_.pass(watch, now);
}

void PacedAction::follow_board() {
    if (!board_) return;
    const std::uint64_t edition = board_->edition();
    {
        const Lock lock(mutex_);
        if (edition == edition_) return;
    }
    std::vector<Mute> mutes = board_->get();
    MuteSchedules schedules = board_->schedules();
    const Lock lock(mutex_);
    edition_ = edition;
    mutes_.set(std::move(mutes));
    mutes_.set_schedules(std::move(schedules));
}

// What is due, and again when the next is.
void PacedAction::tell() {
    // How soon the end of a mute is noticed when no change comes.
    constexpr Duration kMuteLook = std::chrono::minutes(1);
    follow_board();  // a mute may have been ended
    const SteadyTime now = clock_.steady_now();
    const WallTime wall = clock_.wall_now();
    std::vector<RateLimit::Summary> limited;
    std::vector<Mutes::Summary> muted;
    std::optional<Duration> next;
    {
        const Lock lock(mutex_);
        limited = limit_.take_summaries(now);
        muted = mutes_.take_summaries(wall);
        if (const auto due = limit_.next_summary()) next = *due - now;
        if (mutes_.has_counted()) next = std::min(next.value_or(kMuteLook), kMuteLook);
    }
    if (next && timer_) timer_->set(*next);
    tell(limited, muted);
}

void PacedAction::tell(const std::vector<RateLimit::Summary>& limited,
                       const std::vector<Mutes::Summary>& muted) {
    for (const RateLimit::Summary& summary : limited) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(summary.during).count();
        journal_.write(
            {EventId::changes_limited,
             {name_, std::to_string(summary.left_out), summary.watch, std::to_string(seconds)}});
    }
    for (const Mutes::Summary& summary : muted) {
        journal_.write(
            {EventId::changes_muted,
             {name_, std::to_string(summary.left_out), summary.watch, to_iso_text(summary.since)}});
    }
}

}  // namespace regwatch
