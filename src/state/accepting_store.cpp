#include "state/accepting_store.h"

namespace regwatch {

Result<StoreOpened> AcceptingStore::open() {
    auto opened = store_.open();
    if (!opened) return opened;
    opened->left_out.clear();  // the service tells it
    const Lock lock(mutex_);
    key_ = opened->key;
    return opened;
}

// Against what is stored, which the engine is not told.
Result<std::size_t> AcceptingStore::differences_of(const BaselineUpdate& update) {
    if (stands_for_names(*update.key)) return std::size_t{0};
    auto stored = store_.baseline(*update.watch, *update.key);
    if (!stored) return std::move(stored).error();
    if (!*stored) return diff(nullptr, update.now).size();
    ConcealingKey key = ConcealingKey::of_this_process();
    {
        const Lock lock(mutex_);
        if (key_) key = *key_;
    }
    const StoredBaseline& before = **stored;
    return diff_since(before.state ? &*before.state : nullptr, before.extent, update.now,
                      update.extent, key, Renamed::told)
        .size();
}

Result<void> AcceptingStore::commit(const StoreBatch& batch) {
    StoreBatch whole;
    std::size_t keys = 0;
    std::size_t differences = 0;
    for (BaselineUpdate update : batch.baseline) {
        auto count = differences_of(update);
        if (!count) {
            note(count.error());
            return std::move(count).error();
        }
        differences += *count;
        update.write = BaselineUpdate::Write::whole;
        whole.baseline.push_back(update);
    }
    auto done = store_.commit(whole);
    if (!done) {
        note(done.error());
        return done;
    }
    const Lock lock(mutex_);
    for (const BaselineUpdate& update : whole.baseline) {
        const bool is_new = taken_.insert({*update.watch, update.key->folded()}).second;
        if (is_new && !stands_for_names(*update.key)) ++keys;
    }
    accepted_.keys += keys;
    accepted_.differences += differences;
    return done;
}

void AcceptingStore::note(const Error& error) {
    const Lock lock(mutex_);
    if (!accepted_.error) accepted_.error = error;
}

Result<std::optional<StoredBaseline>> AcceptingStore::baseline(const std::string&, const KeyPath&) {
    return std::optional<StoredBaseline>();
}

Result<std::vector<SharedChange>> AcceptingStore::pending(const std::string&, std::uint64_t,
                                                          std::size_t) {
    return std::vector<SharedChange>();
}

Result<std::vector<SharedChange>> AcceptingStore::history(const HistoryQuery&) {
    return std::vector<SharedChange>();
}

Result<std::vector<LostDeliveries>> AcceptingStore::retain(const Retention&) {
    return std::vector<LostDeliveries>();
}

AcceptingStore::Accepted AcceptingStore::accepted() const {
    const Lock lock(mutex_);
    return accepted_;
}

bool AcceptingStore::has_taken(const std::string& watch, const KeyPath& key) const {
    const Lock lock(mutex_);
    return taken_.contains({watch, key.folded()});
}

}  // namespace regwatch
