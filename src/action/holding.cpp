#include "action/holding.h"

#include <algorithm>
#include <utility>

namespace regwatch {

Holding::News Holding::see(const std::optional<ValueData>& found, bool is_as_expected, bool enforce,
                           SteadyTime now) {
    if (is_as_expected) {
        deviates_ = pending_ = false;
        return std::exchange(told_, false) ? News::as_expected_again : News::none;
    }
    const bool is_new = !deviates_ || found != found_;
    deviates_ = true;
    found_ = found;
    if (!enforce) {
        pending_ = given_up_ = false;
        if (!is_new) return News::none;
        told_ = true;
        return News::deviates;
    }
    if (last_ && now - *last_ >= kQuiet) {
        rounds_ = 0;
        given_up_ = false;
    }
    if (is_new) last_ = now;
    if (given_up_) return News::none;
    if (is_new && is_lost(now)) return News::gave_up;
    pending_ = true;
    return News::to_be_written;
}

bool Holding::is_lost(SteadyTime now) {
    if (rounds_ < kMostInARow) return false;
    given_up_ = told_ = true;
    pending_ = false;
    last_ = now;
    return true;
}

std::optional<SteadyTime> Holding::due() const {
    if (given_up_ && deviates_ && last_) return *last_ + kQuiet;
    return pending_ ? std::optional(not_before_) : std::nullopt;
}

void Holding::written(SteadyTime now) {
    failures_ = 0;
    not_before_ = now + pause_after(rounds_);
}

void Holding::failed(bool is_passing, SteadyTime now) {
    if (rounds_ != 0) --rounds_;  // it was quiet meanwhile
    deviates_ = true;
    if (is_passing) pending_ = true;
    not_before_ = now + pause_after(++failures_);
}

Duration Holding::pause_after(unsigned rounds) noexcept {
    Duration pause = kFirstPause;
    for (unsigned i = 1; i < rounds && pause < kLongestPause; ++i) pause *= 2;
    return std::min(pause, kLongestPause);
}

}  // namespace regwatch
