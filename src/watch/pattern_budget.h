// How many nodes one path pattern of the config may make, and how many keys it has found.
//
// Shared by all nodes of that pattern, at whatever depth. Any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <utility>

namespace regwatch {

class PatternBudget {
public:
    PatternBudget(std::string pattern, std::size_t limit)
        : pattern_(std::move(pattern)), limit_(limit) {}

    [[nodiscard]] const std::string& pattern() const noexcept { return pattern_; }
    [[nodiscard]] std::size_t limit() const noexcept { return limit_; }

    // The right to make one more node.
    [[nodiscard]] bool take() noexcept {
        if (used_.fetch_add(1) < limit_) return true;
        --used_;
        return false;
    }
    void give_back() noexcept { --used_; }

    // True the first time: somebody has to say it.
    [[nodiscard]] bool note_refused() noexcept { return !refused_.exchange(true); }
    [[nodiscard]] bool refused() const noexcept { return refused_; }

    void note_found() noexcept { found_ = true; }
    [[nodiscard]] bool found() const noexcept { return found_; }

private:
    const std::string pattern_;
    const std::size_t limit_;
    std::atomic<std::size_t> used_ = 0;
    std::atomic<bool> refused_ = false;
    std::atomic<bool> found_ = false;
};

}  // namespace regwatch
