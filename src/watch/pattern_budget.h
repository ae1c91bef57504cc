// How many nodes one path pattern of the config may make, how many keys it has found, how many have no
// place, and which it leaves to others of its watch.
//
// Shared by all nodes of that pattern, at whatever depth. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "base/sync.h"
#include "watch/key_rivals.h"

namespace regwatch {

class PatternBudget {
public:
    PatternBudget(std::string pattern, std::size_t limit, Rivals rivals)
        : pattern_(std::move(pattern)), limit_(limit), rivals_(std::move(rivals)) {}

    [[nodiscard]] const std::string& pattern() const noexcept { return pattern_; }
    [[nodiscard]] std::size_t limit() const noexcept { return limit_; }
    [[nodiscard]] const Rivals& rivals() const noexcept { return rivals_; }

    // The right to make one more node.
    [[nodiscard]] bool take() REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        if (used_ >= limit_) return false;
        ++used_;
        return true;
    }
    void give_back() REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        --used_;
        if (refused_ == 0) is_told_ = false;
    }

    // One more has no place. True the first time since all had one: somebody has to say it.
    [[nodiscard]] bool note_refused() REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        ++refused_;
        return !std::exchange(is_told_, true);
    }
    // One that had none has found one, ...
    void note_placed() REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        --refused_;
        if (refused_ == 0) is_told_ = false;
    }
    // ... or needs none any more, which is no room for another.
    void forget_refused(std::size_t count) REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        refused_ -= count;
    }
    [[nodiscard]] bool refused() const REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        return refused_ > 0;
    }

    void note_found() REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        ++found_;
    }
    void note_lost() REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        --found_;
    }
    // One fits that is left to another key of the watch.
    void note_left_to_rival() REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        is_left_to_rival_ = true;
    }
    [[nodiscard]] bool found() const REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        return found_ > 0 || is_left_to_rival_;
    }

private:
    const std::string pattern_;
    const std::size_t limit_;
    const Rivals rivals_;
    mutable Mutex mutex_;
    std::size_t used_ REGWATCH_GUARDED_BY(mutex_) = 0;
    std::size_t refused_ REGWATCH_GUARDED_BY(mutex_) = 0;
    std::size_t found_ REGWATCH_GUARDED_BY(mutex_) = 0;
    bool is_left_to_rival_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool is_told_ REGWATCH_GUARDED_BY(mutex_) = false;
};

}  // namespace regwatch
