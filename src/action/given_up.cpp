#include "action/given_up.h"

namespace regwatch {

void GivenUpList::add(GivenUp one, WallTime now, WallTime until) {
    Name name{one.by, one.what};
    const Lock lock(mutex_);
    std::erase_if(entries_, [&](const auto& entry) { return entry.second.until <= now; });
    if (entries_.size() >= kMost && !entries_.contains(name)) return;
    entries_.insert_or_assign(std::move(name), Entry{std::move(one), until});
}

void GivenUpList::remove(const GivenUp& one) {
    const Lock lock(mutex_);
    entries_.erase({one.by, one.what});
}

std::vector<GivenUp> GivenUpList::at(WallTime now) const {
    const Lock lock(mutex_);
    std::vector<GivenUp> all;
    for (const auto& [name, entry] : entries_) {
        if (now < entry.until) all.push_back(entry.one);
    }
    return all;
}

}  // namespace regwatch
