#include "action/loop_guard.h"

#include <algorithm>
#include <iterator>

namespace regwatch {

bool LoopGuard::may_run(const std::u16string& key, WallTime not_before, WallTime detected) {
    const auto found = chains_.find(key);
    if (found == chains_.end()) return true;
    Chain& chain = found->second;
    const WallTicks quiet = std::chrono::duration_cast<WallTicks>(kQuiet);
    if (chain.refused != 0) {
        if (detected - chain.last_refused >= quiet) {
            chains_.erase(found);
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

}  // namespace regwatch
