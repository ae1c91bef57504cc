// What a look found, and what was known before it.
#include "state/recorder.h"

#include <utility>

namespace regwatch {
namespace {

// What a first look finds is no news in itself, but that of a key whose coming was seen is.
bool is_look_at_the_unseen(const FoundState& found) {
    return found.is_first && found.detection != Detection::notify &&
           found.detection != Detection::sweep;
}

}  // namespace

Recorder::Recorder(const Ports& ports, Plan plan, Client client)
    : ports_(ports),
      client_(std::move(client)),
      left_(ports.store != nullptr ? std::make_unique<LeftBaselines>(*ports.store) : nullptr),
      plan_(std::move(plan)),
      numbers_(ports.mark) {
    if (ports.store != nullptr) return;
    const StoreOpened nothing;
    (void)numbers_.begin(&nothing);
    is_confirmed_ = true;
}

Result<std::unique_ptr<Recorder>> Recorder::create(const Ports& ports, Plan plan, Client client) {
    std::unique_ptr<Recorder> recorder(new Recorder(ports, std::move(plan), std::move(client)));
    if (ports.store == nullptr) return recorder;
    auto timer = ports.executor.create_timer([self = recorder.get()] { self->retry(); });
    if (!timer) return std::move(timer).error();
    recorder->timer_ = std::move(timer).value();
    auto upkeep = ports.executor.create_timer([self = recorder.get()] { self->keep_up(); });
    if (!upkeep) return std::move(upkeep).error();
    recorder->upkeep_ = std::move(upkeep).value();
    return recorder;
}

Recorder::~Recorder() { close(); }

ConcealingKey Recorder::key() const {
    const Lock lock(mutex_);
    return key_;
}

Result<std::optional<StoredBaseline>> Recorder::baseline(const WatchSettings& watch,
                                                         const KeyPath& key) {
    if (ports_.store == nullptr) return std::optional<StoredBaseline>();
    bool may_try = false;
    {
        const Lock lock(mutex_);
        may_try = may_try_;
    }
    if (may_try) {
        auto known = stored(watch, key);
        if (known) return known;
        failed(known.error());
    }
    const Lock lock(mutex_);
    uncompared_.insert({watch.name, key.folded()});
    return Error{ErrorKind::transient, 0, "reading the baseline", key.utf8(), name_of(state_)};
}

Result<std::optional<StoredBaseline>> Recorder::stored(const WatchSettings& watch,
                                                       const KeyPath& key) {
    auto own = ports_.store->baseline(watch.name, key);
    if (!own || *own) return own;
    return left_->baseline(key);
}

void Recorder::take(FoundState found) {
    compare_late(found);
    Entry entry;
    entry.found = std::move(found);
    if (entry.found.is_news) {
        entry.changes.reserve(entry.found.differences.size());
        for (const Difference& difference : entry.found.differences) {
            auto made = make_change(entry.found, difference);
            if (!made) continue;
            made->hive_owner = owner_of_hive(ports_.accounts, made->key);
            entry.changes.push_back(std::make_shared<Change>(*std::move(made)));
            entry.actions.push_back(client_.audience(*entry.found.watch, *entry.changes.back()));
        }
    }
    entry.at = ports_.clock.wall_now();
    {
        const Lock lock(mutex_);
        queue_.push_back(&entry);
    }
    work_off(&entry);
}

// The stored baseline could not be read when the key was first seen: what changed while nobody watched
// is found now, or at a later look.
void Recorder::compare_late(FoundState& found) {
    const Name name{found.watch->name, found.key->folded()};
    {
        const Lock lock(mutex_);
        if (uncompared_.empty() || uncompared_.count(name) == 0) return;
    }
    if (!compare_with_stored(found)) {
        if (is_look_at_the_unseen(found)) found.differences.clear();
        return;
    }
    const Lock lock(mutex_);
    uncompared_.erase(name);
    stale_.erase(name);
}

bool Recorder::compare_with_stored(FoundState& found) {
    Unseen unseen{};
    {
        const Lock lock(mutex_);
        if (!may_try_) return false;
        // The next look at it conceals as the store does.
        const bool is_redacted = found.is_news && !found.watch->selection.redact.empty();
        if (is_redacted && found.concealed_with != key_) return false;
        unseen = plan_.state.on_first_start;
    }
    const auto known = stored(*found.watch, *found.key);
    if (!known) {
        failed(known.error());
        return false;
    }
    if (*known) {
        const StoredBaseline& before = **known;
        found.differences =
            diff_since(before.state ? &*before.state : nullptr, before.extent, found.now.get(),
                       extent_of(found), found.concealed_with, renames_told_by(*found.watch));
        found.detection = Detection::startup;
        found.previous = before.seen;
    } else if (unseen == Unseen::report) {
        found.differences = diff(nullptr, found.now.get());
        found.detection = Detection::startup;
        found.previous = {};
    }
    return true;
}

// What it found equals what was known, but may be what is held from now on.
void Recorder::found_nothing(const WatchSettings& watch, const KeyPath& key,
                             const SharedSnapshot& now) {
    const Lock lock(mutex_);
    ++counts_.merged;
    const auto known = known_.find({watch.name, key.folded()});
    if (known != known_.end()) known->second.state = now;
}

Result<std::vector<SharedChange>> Recorder::owed(const std::string& action, std::uint64_t after,
                                                 std::size_t limit) {
    auto changes = ports_.store->pending(action, after, limit);
    if (!changes) failed_to_read(changes.error());
    return changes;
}

RecordCounts Recorder::counts() const {
    const Lock lock(mutex_);
    return counts_;
}

StoreState Recorder::state() const {
    const Lock lock(mutex_);
    return state_;
}

}  // namespace regwatch
