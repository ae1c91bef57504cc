#include "delivery/delivery.h"

#include <algorithm>
#include <utility>

namespace regwatch {

void Delivery::add(std::unique_ptr<Lane> lane) {
    drop_idle_retired();
    SharedLane shared = std::move(lane);
    bool started = false;
    {
        const Lock lock(mutex_);
        lanes_.emplace(shared->name(), shared);
        started = started_;
    }
    if (started) shared->start();
}

void Delivery::start() {
    std::vector<SharedLane> all;
    {
        const Lock lock(mutex_);
        started_ = true;
        for (const auto& [name, lane] : lanes_) all.push_back(lane);
    }
    for (const SharedLane& lane : all) lane->start();
}

void Delivery::replace(const std::string& name, std::unique_ptr<Action> action, std::size_t limit) {
    if (const SharedLane lane = find(name)) lane->replace(std::move(action), limit);
}

void Delivery::retire(const std::string& name) {
    drop_idle_retired();
    const Lock lock(mutex_);
    const auto found = lanes_.find(name);
    if (found == lanes_.end()) return;
    retired_.push_back(std::move(found->second));
    lanes_.erase(found);
}

bool Delivery::bring_back(const std::string& name) {
    drop_idle_retired();
    const Lock lock(mutex_);
    const auto found = std::find_if(retired_.begin(), retired_.end(),
                                    [&](const auto& lane) { return lane->name() == name; });
    if (found == retired_.end()) return false;
    lanes_.emplace(name, std::move(*found));
    retired_.erase(found);
    return true;
}

void Delivery::deliver(const std::vector<std::string>& actions, const SharedChange& change,
                       Kept kept) {
    for (const std::string& action : actions) {
        if (const SharedLane lane = find(action)) lane->offer(change, kept);
    }
}

std::uint64_t Delivery::stop(Deadline& deadline, Journal& journal) {
    std::vector<SharedLane> all;
    {
        const Lock lock(mutex_);
        all = retired_;
        for (const auto& [name, lane] : lanes_) all.push_back(lane);
    }
    std::uint64_t undelivered = 0;
    for (const SharedLane& lane : all) {
        const Undelivered left = lane->drain(deadline);
        if (left.owed) journal.write({EventId::still_owed, {lane->name()}});
        if (left.lost == 0) continue;
        journal.write({EventId::not_delivered, {lane->name(), std::to_string(left.lost)}});
        undelivered += left.lost;
    }
    // Not before all are cancelled and what is left of all is told: one that hangs, as a file on a dead share
    // does, holds up nobody but the end.
    for (const SharedLane& lane : all) lane->close();
    return undelivered;
}

std::uint64_t Delivery::dropped() const {
    const Lock lock(mutex_);
    std::uint64_t dropped = dropped_by_retired_;
    for (const auto& [name, lane] : lanes_) dropped += lane->dropped();
    for (const SharedLane& lane : retired_) dropped += lane->dropped();
    return dropped;
}

std::vector<QueueStatus> Delivery::queues() const {
    const Lock lock(mutex_);
    std::vector<QueueStatus> queues;
    for (const auto& [name, lane] : lanes_)
        queues.push_back({name, lane->queued(), lane->dropped()});
    return queues;
}

Delivery::SharedLane Delivery::find(const std::string& name) const {
    const Lock lock(mutex_);
    const auto found = lanes_.find(name);
    return found == lanes_.end() ? nullptr : found->second;
}

// Nobody gets hold of a retired lane any more, so that one that is held here alone stays idle.
void Delivery::drop_idle_retired() {
    std::vector<SharedLane> idle;  // end outside the lock
    const Lock lock(mutex_);
    const auto is_idle = [](const SharedLane& lane) {
        return lane.use_count() == 1 && lane->queued() == 0;
    };
    const auto first = std::stable_partition(retired_.begin(), retired_.end(),
                                             [&](const auto& lane) { return !is_idle(lane); });
    for (auto lane = first; lane != retired_.end(); ++lane) {
        dropped_by_retired_ += (*lane)->dropped();
        idle.push_back(std::move(*lane));
    }
    retired_.erase(first, retired_.end());
}

}  // namespace regwatch
