#include "state/memory_store.h"

#include <algorithm>
#include <iterator>

#include "change/change_size.h"
#include "registry/diff.h"
#include "state/change_rows.h"

namespace regwatch {

Result<StoreOpened> MemoryStore::open() {
    const Lock lock(mutex_);
    StoreOpened opened;
    opened.is_new = last_sequence_ == 0 && baseline_.empty();
    opened.last_sequence = last_sequence_;
    for (const auto& [place, count] : left_out_) {
        if (count.count > 0) opened.left_out.push_back(count);
    }
    opened.key = key_;
    return opened;
}

void MemoryStore::add_left_out(const LeftOutCount& count) {
    const LeftOutPlace place{count.action, count.watch, count.why};
    LeftOutCount& kept = left_out_
                             .try_emplace(place, LeftOutCount{count.action, count.watch, count.why,
                                                              0, count.since, count.last})
                             .first->second;
    kept.since = kept.count > 0 ? std::min(kept.since, count.since) : count.since;
    kept.last = std::max(kept.last, count.last);
    kept.count += count.count;
    if (kept.count == 0) left_out_.erase(place);
}

Result<void> MemoryStore::commit(const StoreBatch& batch) {
    const Lock lock(mutex_);
    for (const NewRecord& record : batch.records) {
        const auto known = changes_.find(record.change->sequence);
        if (known == changes_.end() || known->second->id == record.change->id) continue;
        return Error{ErrorKind::invalid, 0, "writing a change into", "the memory",
                     "another change has the number " + std::to_string(known->first)};
    }
    for (const BaselineUpdate& update : batch.baseline) {
        const auto [place, is_new] = baseline_.try_emplace({*update.watch, update.key->folded()});
        Entry& entry = place->second;
        const bool is_whole = is_new || entry.extent != update.extent;
        entry.extent = update.extent;
        entry.name = {*update.watch, *update.key, update.seen, update.now != nullptr};
        if (!is_whole && update.write == BaselineUpdate::Write::seen) continue;
        // Differences say nothing of what an earlier batch should have: that stays missed.
        if (!is_whole && update.write == BaselineUpdate::Write::differences) {
            const auto missed = diff(entry.state ? &*entry.state : nullptr, update.now);
            if (!std::equal(missed.begin(), missed.end(), update.differences.begin(),
                            update.differences.end())) {
                continue;
            }
        }
        entry.state.reset();
        if (update.now != nullptr) entry.state = *update.now;
    }
    for (const NewRecord& record : batch.records) {
        const std::uint64_t sequence = record.change->sequence;
        changes_.emplace(sequence, record.change);
        last_sequence_ = std::max(last_sequence_, sequence);
        if (record.actions == nullptr) continue;
        for (const std::string& action : *record.actions) pending_[action].insert(sequence);
    }
    for (const DeliveryId& delivered : batch.delivered) {
        const auto owed = pending_.find(delivered.action);
        if (owed != pending_.end()) owed->second.erase(delivered.sequence);
    }
    for (const LeftOutCount& count : batch.left_out) add_left_out(count);
    return {};
}

Result<std::optional<StoredBaseline>> MemoryStore::baseline(const std::string& watch,
                                                            const KeyPath& key) {
    const Lock lock(mutex_);
    const auto found = baseline_.find({watch, key.folded()});
    if (found == baseline_.end()) return std::optional<StoredBaseline>();
    StoredBaseline stored;
    stored.seen = found->second.name.seen;
    stored.extent = found->second.extent;
    if (found->second.state) stored.state = *found->second.state;
    return std::optional<StoredBaseline>(std::move(stored));
}

Result<std::vector<BaselineName>> MemoryStore::baselines() {
    const Lock lock(mutex_);
    std::vector<BaselineName> names;
    for (const auto& [place, entry] : baseline_) names.push_back(entry.name);
    return names;
}

Result<void> MemoryStore::forget(const std::string& watch, const KeyPath& key) {
    const Lock lock(mutex_);
    baseline_.erase({watch, key.folded()});
    return {};
}

Result<std::vector<SharedChange>> MemoryStore::pending(const std::string& action,
                                                       std::uint64_t after, std::size_t limit) {
    const Lock lock(mutex_);
    std::vector<SharedChange> changes;
    const auto owed = pending_.find(action);
    if (owed == pending_.end()) return changes;
    std::size_t bytes = 0;
    for (auto next = owed->second.upper_bound(after); next != owed->second.end(); ++next) {
        if (changes.size() >= limit || bytes >= kMostBytesAtOnce) break;
        changes.push_back(changes_.at(*next));
        bytes += size_in_memory(*changes.back());
    }
    return changes;
}

Result<std::vector<SharedChange>> MemoryStore::history(const HistoryQuery& query) {
    const Lock lock(mutex_);
    std::vector<SharedChange> found;
    auto change = changes_.rbegin();
    while (change != changes_.rend() && (query.limit == 0 || found.size() < query.limit)) {
        if (fits(*change->second, query)) found.push_back(change->second);
        ++change;
    }
    std::reverse(found.begin(), found.end());
    return found;
}

Result<StoreCounts> MemoryStore::counts() {
    const Lock lock(mutex_);
    StoreCounts counts;
    counts.changes = changes_.size();
    for (const auto& [action, owed] : pending_) counts.pending += owed.size();
    counts.keys = baseline_.size();
    return counts;
}

Result<std::vector<LostDeliveries>> MemoryStore::retain(const Retention& retention) {
    const Lock lock(mutex_);
    std::vector<LostDeliveries> lost;
    const auto note = [&](const std::string& action, std::uint64_t count, const char* reason) {
        if (count > 0) lost.push_back({action, count, reason});
    };
    std::set<std::uint64_t> owed_to_somebody;
    for (auto& [action, owed] : pending_) {
        const auto& known = retention.actions;
        if (std::find(known.begin(), known.end(), action) == known.end()) {
            note(action, owed.size(), "there is no such action any more");
            owed.clear();
            continue;
        }
        note(action,
             std::erase_if(owed,
                           [&](std::uint64_t sequence) REGWATCH_NO_ANALYSIS {
                               return changes_.at(sequence)->detected_at <
                                      retention.oldest_delivery;
                           }),
             "they are older than allowed");
        if (retention.most_deliveries != 0 && owed.size() > retention.most_deliveries) {
            const std::uint64_t more = owed.size() - retention.most_deliveries;
            owed.erase(owed.begin(), std::next(owed.begin(), static_cast<std::ptrdiff_t>(more)));
            note(action, more, "they are more than allowed");
        }
        owed_to_somebody.insert(owed.begin(), owed.end());
    }
    const auto is_free = [&](const auto& entry) {
        return owed_to_somebody.count(entry.first) == 0;
    };
    std::erase_if(changes_, [&](const auto& entry) {
        return entry.second->detected_at < retention.oldest_change && is_free(entry);
    });
    if (retention.most_changes == 0 || changes_.size() <= retention.most_changes) return lost;
    const auto first_kept =
        std::prev(changes_.end(), static_cast<std::ptrdiff_t>(retention.most_changes));
    const std::uint64_t keep_from = first_kept->first;
    std::erase_if(changes_,
                  [&](const auto& entry) { return entry.first < keep_from && is_free(entry); });
    return lost;
}

}  // namespace regwatch
