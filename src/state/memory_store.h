// The store that keeps nothing beyond its own life: for `watch`, and for tests.
//
// Any thread. Has no state but `ready`.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "base/sync.h"
#include "platform/store.h"

namespace regwatch {

class MemoryStore final : public Store {
public:
    // A new start of the service on what the last one left.
    Result<StoreOpened> open() override REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] StoreState state() const override { return StoreState::ready; }
    Result<void> commit(const StoreBatch& batch) override REGWATCH_EXCLUDES(mutex_);
    Result<std::optional<StoredBaseline>> baseline(const std::string& watch,
                                                   const KeyPath& key) override
        REGWATCH_EXCLUDES(mutex_);
    Result<std::vector<BaselineName>> baselines() override REGWATCH_EXCLUDES(mutex_);
    Result<void> forget(const std::string& watch, const KeyPath& key) override
        REGWATCH_EXCLUDES(mutex_);
    Result<std::vector<SharedChange>> pending(const std::string& action, std::uint64_t after,
                                              std::size_t limit) override REGWATCH_EXCLUDES(mutex_);
    Result<std::vector<SharedChange>> history(const HistoryQuery& query) override
        REGWATCH_EXCLUDES(mutex_);
    Result<StoreCounts> counts() override REGWATCH_EXCLUDES(mutex_);
    Result<std::vector<LostDeliveries>> retain(const Retention& retention) override
        REGWATCH_EXCLUDES(mutex_);

private:
    struct Entry {
        BaselineName name;
        std::optional<Snapshot> state;
        Extent extent;
    };
    using Place = std::pair<std::string, std::u16string>;  // watch, folded key
    using LeftOutPlace = std::tuple<std::string, std::string, LeftOut>;
    void add_left_out(const LeftOutCount& count) REGWATCH_REQUIRES(mutex_);

    const ConcealingKey key_ = ConcealingKey::drawn();

    mutable Mutex mutex_;
    std::uint64_t last_sequence_ REGWATCH_GUARDED_BY(mutex_) = 0;
    std::map<Place, Entry> baseline_ REGWATCH_GUARDED_BY(mutex_);
    std::map<std::uint64_t, SharedChange> changes_ REGWATCH_GUARDED_BY(mutex_);
    std::map<std::string, std::set<std::uint64_t>> pending_ REGWATCH_GUARDED_BY(mutex_);
    std::map<LeftOutPlace, LeftOutCount> left_out_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch
