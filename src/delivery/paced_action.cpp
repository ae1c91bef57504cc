#include "delivery/paced_action.h"

#include <utility>

#include "delivery/left_out_notices.h"

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

PacedAction::PacedAction(std::string name, std::unique_ptr<Action> action, Pacing pacing,
                         Clock& clock, Journal& journal)
    : name_(std::move(name)),
      action_(std::move(action)),
      pacing_(std::move(pacing)),
      clock_(clock),
      journal_(journal),
      limit_(pacing_.limit) {}

Result<std::unique_ptr<Action>> PacedAction::create(std::string name,
                                                    std::unique_ptr<Action> action, Pacing pacing,
                                                    Executor& executor, Clock& clock,
                                                    Journal& journal) {
    std::unique_ptr<PacedAction> paced(
        new PacedAction(std::move(name), std::move(action), std::move(pacing), clock, journal));
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
    const std::optional<LeftOut> why = reason_against(change.watch);
    if (why && pacing_.keeper != nullptr) pacing_.keeper->left_out(name_, change, *why);
    tell();
    if (why) return std::nullopt;
    return action_->deliver(change);
}

std::optional<LeftOut> PacedAction::reason_against(const std::string& watch) {
    const SteadyTime now = clock_.steady_now();
    const WallTime wall = clock_.wall_now();
    follow_board();
    {
        const Lock lock(mutex_);
        if (mutes_.swallows(watch, wall)) return LeftOut::muted;
        if (!limit_.pass(watch, now)) return LeftOut::limited;
    }
    // What it refuses has used up the action's own limit: less is left of that only while more comes than
    // all together may have.
    SharedRateLimit* const all = pacing_.limit_in_all;
    if (all == nullptr || all->pass(name_, watch)) return std::nullopt;
    return LeftOut::limited_in_all;
}

void PacedAction::follow_board() {
    const MuteBoard* const board = pacing_.board.get();
    if (board == nullptr) return;
    const std::uint64_t edition = board->edition();
    {
        const Lock lock(mutex_);
        if (edition == edition_) return;
    }
    std::vector<Mute> mutes = board->get();
    MuteSchedules schedules = board->schedules();
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
    LeftOutKeeper* const keeper = pacing_.keeper;
    for (const RateLimit::Summary& summary : limited) {
        journal_.write(limited_notice(name_, summary.watch, summary.left_out, summary.during));
        if (keeper != nullptr)
            keeper->told(name_, summary.watch, LeftOut::limited, summary.left_out);
    }
    for (const Mutes::Summary& summary : muted) {
        journal_.write(muted_notice(name_, summary.watch, summary.left_out, summary.since));
        if (keeper != nullptr) keeper->told(name_, summary.watch, LeftOut::muted, summary.left_out);
    }
}

}  // namespace regwatch
