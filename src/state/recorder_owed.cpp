// What is no longer owed: what was delivered, and what an action has left out.
#include "state/recorder.h"

#include <algorithm>
#include <string>

namespace regwatch {
namespace {

constexpr std::size_t kDeliveredAtOnce = 64;

}  // namespace

// Of what waits to be written, too: when it is written, it is not owed any more.
void Recorder::delivered(const std::string& action, const Change& change) {
    bool is_much = false;
    {
        const Lock lock(mutex_);
        const auto leaving = leaving_out_.find(action);
        if (leaving != leaving_out_.end()) {
            if (leaving->second.id == change.id) count_left_out(leaving->second.one);
            leaving_out_.erase(leaving);
        }
        // Ids grow as numbers do, and there may be no number.
        if (!first_missing_.empty() && change.id >= first_missing_) return;
        const auto late = late_numbers_.find(change.id);
        const bool is_late = late != late_numbers_.end();
        if (!is_late && (change.sequence == 0 || !is_confirmed_)) {
            early_.push_back({action, change.id, change.sequence});
            return;
        }
        done_.delivered.push_back({action, is_late ? late->second : change.sequence});
        is_much = done_.delivered.size() >= kDeliveredAtOnce && may_try_;
    }
    if (is_much) work_off(nullptr);
}

void Recorder::write_delivered() {
    {
        const Lock lock(mutex_);
        if ((done_.delivered.empty() && done_.left_out.empty()) || !may_try_) return;
    }
    work_off(nullptr);
}

void Recorder::left_out(const std::string& action, const Change& change, LeftOut why) {
    if (ports_.store == nullptr) return;
    const WallTime now = ports_.clock.wall_now();
    const Lock lock(mutex_);
    leaving_out_.insert_or_assign(action,
                                  LeavingOut{change.id, {action, change.watch, why, 1, now, now}});
}

void Recorder::told_left_out(const std::string& action, const std::string& watch, LeftOut why,
                             std::uint64_t count) {
    if (ports_.store == nullptr) return;
    const WallTime now = ports_.clock.wall_now();
    {
        const Lock lock(mutex_);
        count_left_out({action, watch, why, -static_cast<std::int64_t>(count), now, now});
    }
    write_delivered();
}

void Recorder::count_left_out(const LeftOutCount& count) {
    const auto [place, is_new] =
        done_.left_out.try_emplace({count.action, count.watch, count.why}, count);
    if (is_new) return;
    LeftOutCount& sum = place->second;
    sum.since = std::min(sum.since, count.since);
    sum.last = std::max(sum.last, count.last);
    sum.count += count.count;
    if (sum.count == 0) done_.left_out.erase(place);
}

}  // namespace regwatch
