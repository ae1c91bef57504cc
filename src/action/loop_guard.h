// Recognises a program that writes what it is told about: its own writing calls it again, for ever.
//
// A plain value, told the times; guarded by its owner. A change that may have been made while the
// program ran for an earlier change of the same key is counted as that program's own, and so on: a
// chain. Others may have written at that time too, so that only a long chain is a loop. The program
// then rests for that key until it has been quiet for a while. A change that is tried again counts once.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"

namespace regwatch {

class LoopGuard {
public:
    static constexpr unsigned kLongestChain = 5;
    static constexpr Duration kQuiet = std::chrono::minutes(1);

    // Whether the program may run for this change of a key, by its number; 0: it has none, and is a new
    // one each time. The times are when the key was last seen without the change, and when it was found.
    [[nodiscard]] bool may_run(const std::u16string& key, std::uint64_t change, WallTime not_before,
                               WallTime detected);
    void ran(const std::u16string& key, WallTime begin, WallTime end);
    // Changes that the program was not run for since may_run() first refused.
    [[nodiscard]] std::uint64_t refused(const std::u16string& key) const;

    struct Loop {
        std::u16string key;
        std::uint64_t refused = 0;
    };
    // Those that have been quiet for long enough; they are over, and forgotten.
    [[nodiscard]] std::vector<Loop> take_ended(WallTime now);
    // All of them.
    [[nodiscard]] std::vector<Loop> take_rest();

private:
    [[nodiscard]] bool judge(const std::u16string& key, WallTime not_before, WallTime detected);

    struct Chain {
        unsigned length = 0;
        WallTime begin{};  // of the latest run
        WallTime end{};
        std::uint64_t refused = 0;
        WallTime last_refused{};
    };
    // More than this many keys at once are not followed.
    static constexpr std::size_t kMostKeys = 10'000;

    std::map<std::u16string, Chain> chains_;  // by folded path
    std::size_t resting_ = 0;                 // chains with something refused
    std::uint64_t judged_ = 0;                // the change that may_run() was asked for last
    bool judgement_ = true;
};

}  // namespace regwatch
