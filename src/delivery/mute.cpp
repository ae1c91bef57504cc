#include "delivery/mute.h"

#include <algorithm>
#include <utility>

namespace regwatch {

bool Mutes::is_muted(const std::string& watch, WallTime now) const {
    const bool told = std::any_of(mutes_.begin(), mutes_.end(), [&](const Mute& mute) {
        return now < mute.until && (mute.watch.empty() || mute.watch == watch);
    });
    if (told) return true;
    const auto schedule = schedules_.find(watch);
    return schedule != schedules_.end() &&
           std::any_of(schedule->second.begin(), schedule->second.end(),
                       [&](const MuteWindow& window) { return window.covers(now); });
}

bool Mutes::swallows(const std::string& watch, WallTime now) {
    if (mutes_.empty() && schedules_.empty()) return false;
    if (!is_muted(watch, now)) return false;
    Summary& summary = counted_.try_emplace(watch, Summary{watch, 0, now}).first->second;
    ++summary.left_out;
    return true;
}

std::vector<Mutes::Summary> Mutes::take_summaries(WallTime now) {
    std::vector<Summary> summaries;
    for (auto counted = counted_.begin(); counted != counted_.end();) {
        if (is_muted(counted->first, now)) {
            ++counted;
            continue;
        }
        summaries.push_back(std::move(counted->second));
        counted = counted_.erase(counted);
    }
    return summaries;
}

std::vector<Mutes::Summary> Mutes::take_rest() {
    std::vector<Summary> summaries;
    for (auto& [watch, summary] : std::exchange(counted_, {})) summaries.push_back(summary);
    return summaries;
}

}  // namespace regwatch
