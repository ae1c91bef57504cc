// The store under an engine that is to take every key as it is, and nothing more: what the looks find
// becomes the baseline of another store, as a whole; nothing is known before, owed, or recorded.
//
// Any thread. Passes on to the other store, which outlives it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/sync.h"
#include "platform/store.h"

namespace regwatch {

class AcceptingStore final : public Store {
public:
    struct Accepted {
        std::size_t keys = 0;  // without the names that patterns see
        std::size_t differences = 0;
        std::optional<Error> error;  // the first: something was not accepted
    };

    explicit AcceptingStore(Store& store) : store_(store) {}

    Result<StoreOpened> open() override REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] StoreState state() const override { return store_.state(); }
    Result<void> commit(const StoreBatch& batch) override REGWATCH_EXCLUDES(mutex_);
    Result<std::optional<StoredBaseline>> baseline(const std::string& watch,
                                                   const KeyPath& key) override;
    Result<std::vector<BaselineName>> baselines() override { return store_.baselines(); }
    // It knows nothing of the watches that it was not told to accept.
    Result<void> forget(const std::string&, const KeyPath&) override { return {}; }
    Result<std::vector<SharedChange>> pending(const std::string& action, std::uint64_t after,
                                              std::size_t limit) override;
    Result<std::vector<SharedChange>> history(const HistoryQuery& query) override;
    Result<StoreCounts> counts() override { return store_.counts(); }
    Result<std::vector<LostDeliveries>> retain(const Retention& retention) override;

    [[nodiscard]] Accepted accepted() const REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool has_taken(const std::string& watch, const KeyPath& key) const
        REGWATCH_EXCLUDES(mutex_);

private:
    [[nodiscard]] Result<std::size_t> differences_of(const BaselineUpdate& update)
        REGWATCH_EXCLUDES(mutex_);
    void note(const Error& error) REGWATCH_EXCLUDES(mutex_);

    Store& store_;
    mutable Mutex mutex_;
    std::optional<ConcealingKey> key_ REGWATCH_GUARDED_BY(mutex_);
    Accepted accepted_ REGWATCH_GUARDED_BY(mutex_);
    // Watch and folded key.
    std::set<std::pair<std::string, std::u16string>> taken_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch
