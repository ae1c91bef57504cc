#include "delivery/delivery.h"

#include <utility>

namespace regwatch {

void Delivery::add(std::unique_ptr<Lane> lane) {
    const std::string name = lane->name();
    lanes_.emplace(name, std::move(lane));
}

void Delivery::start() {
    for (const auto& [name, lane] : lanes_) lane->start();
}

void Delivery::deliver(const std::vector<std::string>& actions, const SharedChange& change,
                       Kept kept) {
    for (const std::string& action : actions) {
        if (const auto lane = lanes_.find(action); lane != lanes_.end())
            lane->second->offer(change, kept);
    }
}

std::uint64_t Delivery::stop(Deadline& deadline, Journal& journal) {
    std::uint64_t undelivered = 0;
    for (const auto& [name, lane] : lanes_) {
        const Undelivered left = lane->stop(deadline);
        if (left.owed) journal.write({EventId::still_owed, {name}});
        if (left.lost == 0) continue;
        journal.write({EventId::not_delivered, {name, std::to_string(left.lost)}});
        undelivered += left.lost;
    }
    return undelivered;
}

std::uint64_t Delivery::dropped() const {
    std::uint64_t dropped = 0;
    for (const auto& [name, lane] : lanes_) dropped += lane->dropped();
    return dropped;
}

}  // namespace regwatch
