#include "action/loop_guard.h"

#include <algorithm>
#include <iterator>

namespace regwatch {

namespace {

constexpr WallTicks kQuietTicks = std::chrono::duration_cast<WallTicks>(LoopGuard::kQuiet);

}  // namespace

bool LoopGuard::may_run(const std::u16string& key, std::uint64_t change, WallTime not_before,
                        WallTime detected) {
    if (change == 0 || change != judged_) judgement_ = judge(key, not_before, detected);
    judged_ = change;
    return judgement_;
}

bool LoopGuard::judge(const std::u16string& key, WallTime not_before, WallTime detected) {
    const auto found = chains_.find(key);
    if (found == chains_.end()) return true;
    Chain& chain = found->second;
    if (chain.refused != 0) {
        if (detected - chain.last_refused >= kQuietTicks) {
            chains_.erase(found);
            --resting_;
            return true;
        }
        ++chain.refused;
        chain.last_refused = detected;
        return false;
    }
    // The change happened between these two; the program ran between those two.
    const bool may_be_its_own = not_before <= chain.end && detected >= chain.begin;
    chain.length = may_be_its_own ? chain.length + 1 : 0;
    if (chain.length < kLongestChain) return true;
    chain.refused = 1;
    ++resting_;
    chain.last_refused = detected;
    return false;
}

void LoopGuard::ran(const std::u16string& key, WallTime begin, WallTime end) {
    if (chains_.size() >= kMostKeys && !chains_.contains(key)) {
        std::erase_if(chains_, [](const auto& entry) { return entry.second.refused == 0; });
    }
    Chain& chain = chains_[key];
    chain.begin = begin;
    chain.end = end;
}

std::uint64_t LoopGuard::refused(const std::u16string& key) const {
    const auto found = chains_.find(key);
    return found == chains_.end() ? 0 : found->second.refused;
}

std::vector<LoopGuard::Loop> LoopGuard::take_ended(WallTime now) {
    std::vector<Loop> ended;
    if (resting_ == 0) return ended;
    for (auto chain = chains_.begin(); chain != chains_.end();) {
        if (chain->second.refused == 0 || now - chain->second.last_refused < kQuietTicks) {
            ++chain;
            continue;
        }
        ended.push_back({chain->first, chain->second.refused});
        chain = chains_.erase(chain);
        --resting_;
    }
    return ended;
}

std::vector<LoopGuard::Loop> LoopGuard::take_rest() { return take_ended(WallTime::max()); }

}  // namespace regwatch
