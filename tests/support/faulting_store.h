// A store that fails on demand: the n-th call from now, or every call, as on a full disk; or that turns
// out to be damaged, and is a new one then.
//
// Any thread. Passes on to another store, which outlives it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/sync.h"
#include "platform/store.h"

namespace regwatch::test {

class FaultingStore : public Store {
public:
    explicit FaultingStore(Store& store) : store_(&store) {}

    // Until told otherwise. `ready`: no more failures.
    void fail_all(StoreState state) {
        Lock lock(mutex_);
        failing_ = state;
    }
    // The n-th call from now, 1 being the next, and none after it.
    void fail_nth(std::uint64_t n, StoreState state) {
        Lock lock(mutex_);
        nth_ = calls_ + n;
        nth_state_ = state;
    }
    // The next call finds the store damaged. From then on it is this one, which outlives it too.
    void damage(Store& another) {
        Lock lock(mutex_);
        another_ = &another;
    }
    [[nodiscard]] std::uint64_t calls() const {
        Lock lock(mutex_);
        return calls_;
    }

    Result<StoreOpened> open() override {
        if (auto failed = fault()) return *failed;
        auto opened = store().open();
        Lock lock(mutex_);
        if (opened && std::exchange(is_another_, false)) {
            opened->is_new = true;
            opened->moved_aside = "elsewhere";
            opened->damage = "test";
        }
        return opened;
    }
    [[nodiscard]] StoreState state() const override {
        Lock lock(mutex_);
        return state_;
    }
    Result<void> commit(const StoreBatch& batch) override {
        if (auto failed = fault()) return *failed;
        return store().commit(batch);
    }
    Result<std::optional<StoredBaseline>> baseline(const std::string& watch,
                                                   const KeyPath& key) override {
        if (auto failed = fault()) return *failed;
        return store().baseline(watch, key);
    }
    Result<std::vector<BaselineName>> baselines() override {
        if (auto failed = fault()) return *failed;
        return store().baselines();
    }
    Result<void> forget(const std::string& watch, const KeyPath& key) override {
        if (auto failed = fault()) return *failed;
        return store().forget(watch, key);
    }
    Result<std::vector<SharedChange>> pending(const std::string& action, std::uint64_t after,
                                              std::size_t limit) override {
        if (auto failed = fault()) return *failed;
        return store().pending(action, after, limit);
    }
    Result<std::vector<SharedChange>> history(const HistoryQuery& query) override {
        if (auto failed = fault()) return *failed;
        return store().history(query);
    }
    Result<StoreCounts> counts() override {
        if (auto failed = fault()) return *failed;
        return store().counts();
    }
    Result<std::vector<LostDeliveries>> retain(const Retention& retention) override {
        if (auto failed = fault()) return *failed;
        return store().retain(retention);
    }

private:
    std::optional<Error> fault() {
        Lock lock(mutex_);
        ++calls_;
        if (another_ != nullptr) {
            store_ = std::exchange(another_, nullptr);
            is_another_ = true;
            state_ = StoreState::damaged;
            return Error{ErrorKind::invalid, 0, "working with the state database", "test",
                         name_of(state_)};
        }
        state_ = failing_ != StoreState::ready ? failing_
                 : calls_ == nth_              ? nth_state_
                                               : StoreState::ready;
        if (state_ == StoreState::ready) return std::nullopt;
        return Error{ErrorKind::transient, 0, "working with the state database", "test",
                     name_of(state_)};
    }

    Store& store() {
        Lock lock(mutex_);
        return *store_;
    }

    mutable Mutex mutex_;
    Store* store_ REGWATCH_GUARDED_BY(mutex_);
    Store* another_ REGWATCH_GUARDED_BY(mutex_) = nullptr;
    bool is_another_ REGWATCH_GUARDED_BY(mutex_) = false;  // and nobody was told
    std::uint64_t calls_ REGWATCH_GUARDED_BY(mutex_) = 0;
    std::uint64_t nth_ REGWATCH_GUARDED_BY(mutex_) = 0;
    StoreState nth_state_ REGWATCH_GUARDED_BY(mutex_) = StoreState::ready;
    StoreState failing_ REGWATCH_GUARDED_BY(mutex_) = StoreState::ready;
    StoreState state_ REGWATCH_GUARDED_BY(mutex_) = StoreState::ready;
};

}  // namespace regwatch::test
