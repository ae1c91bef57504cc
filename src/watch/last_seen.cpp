#include "watch/last_seen.h"

#include <memory>
#include <utility>

namespace regwatch {

void LastSeen::begin(const ConcealingKey& key, std::optional<StoredBaseline> stored) {
    begun_ = true;
    key_ = key;
    if (!stored) return;
    extent_ = std::move(stored->extent);
    state_ = stored->state ? std::make_shared<const Snapshot>(*std::move(stored->state)) : nullptr;
    at_ = stored->seen;
    known_ = true;
}

bool LastSeen::conceal_with(const ConcealingKey& key) {
    if (key == key_) return false;
    if (looked_ && !is_rekeyed_) extent_ = extent();
    is_rekeyed_ = true;
    key_ = key;
    return true;
}

Look LastSeen::compare(SharedSnapshot now, Detection detection, WallTime at) const {
    Look look;
    look.is_first = !looked_;
    look.detection = look.is_first ? plan_.first_detection : detection;
    if (hive_was_away_) look.detection = Detection::hive_load;
    look.at = at;
    look.previous = at_;
    look.concealed_with = key_;
    if (known_ || plan_.first_look != FirstLook::accept) {
        look.differences = differences_to(now.get());
    }
    look.now = std::move(now);
    return look;
}

void LastSeen::keep(const Look& look) {
    looked_ = true;
    known_ = true;
    hive_was_away_ = false;
    is_rekeyed_ = false;
    state_ = look.now;
    at_ = look.at;
}

Extent LastSeen::extent() const {
    Extent extent{plan_.scope == Scope::subtree, plan_.security, {}, {}};
    if (plan_.selection) extent.selection = *plan_.selection;
    if (!extent.selection.redact.empty()) extent.concealed_with = key_.id();
    return extent;
}

// An earlier run may have looked at more or at less.
std::vector<Difference> LastSeen::differences_to(const Snapshot* now) const {
    if (looked_ && !is_rekeyed_) return diff(state_.get(), now, plan_.renamed);
    if (!known_) return diff(nullptr, now, plan_.renamed);
    return diff_since(state_.get(), extent_, now, extent(), key_, plan_.renamed);
}

}  // namespace regwatch
