#include "delivery/rate_limit.h"

#include <algorithm>

namespace regwatch {

bool TokenBucket::can_take(SteadyTime now) noexcept {
    if (filled_ && now > *filled_) credit_ = std::min(most_, credit_ + (now - *filled_));
    filled_ = std::max(now, filled_.value_or(now));
    return credit_ >= cost_;
}

bool RateLimit::pass(const std::string& watch, SteadyTime now) {
    if (!is_on()) return true;
    Storm& storm =
        storms_.try_emplace(watch, Storm{TokenBucket(settings_.per_watch)}).first->second;
    // Both are asked before either is used up.
    const bool may = storm.bucket.can_take(now) && all_.can_take(now);
    if (may) {
        storm.bucket.take();
        all_.take();
        return true;
    }
    if (storm.left_out == 0) storm.since = now;
    ++storm.left_out;
    return false;
}

std::vector<RateLimit::Summary> RateLimit::take(SteadyTime now, bool everything) {
    std::vector<Summary> summaries;
    for (auto& [watch, storm] : storms_) {
        const bool is_due = now - storm.since >= kSummaryPeriod;
        if (storm.left_out == 0 || !(everything || is_due)) continue;
        summaries.push_back({watch, storm.left_out, now - storm.since});
        storm.left_out = 0;
    }
    return summaries;
}

std::vector<RateLimit::Summary> RateLimit::take_summaries(SteadyTime now) {
    return take(now, false);
}

std::vector<RateLimit::Summary> RateLimit::take_rest(SteadyTime now) { return take(now, true); }

std::optional<SteadyTime> RateLimit::next_summary() const {
    std::optional<SteadyTime> next;
    for (const auto& [watch, storm] : storms_) {
        if (storm.left_out == 0) continue;
        const SteadyTime due = storm.since + kSummaryPeriod;
        next = std::min(next.value_or(due), due);
    }
    return next;
}

}  // namespace regwatch
