// The lines that the bench prints, and whether all bounds held.
//
// Values; one thread.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

#include "bench/floor.h"

namespace regwatch::test {

class BenchReport {
public:
    // "name: 0.012 (at most 0.050)", with "BROKEN" where it is not so.
    void ratio(const std::string& name, double value, double at_most) {
        const bool holds = value <= at_most;
        std::printf("%-58s %8.4f (at most %.4f)%s\n", name.c_str(), value, at_most,
                    holds ? "" : "  BROKEN");
        std::fflush(stdout);
        broken_ = broken_ || !holds;
    }
    void broken(const std::string& why) {
        std::printf("%s  BROKEN\n", why.c_str());
        broken_ = true;
    }
    [[nodiscard]] bool all_hold() const noexcept { return !broken_; }

private:
    bool broken_ = false;
};

// The smallest tree, and the largest one whose filling and reading takes seconds: real keys take longer.
inline constexpr std::size_t kFewestKeys = 1'000;
inline constexpr std::size_t kQuickKeys = kFloorIsReal ? 10 * kFewestKeys : 100 * kFewestKeys;

// Trees of 10^3, 10^4 and 10^5 keys with ten values each, as far as they have no more keys than that.
void run_tree_scenarios(BenchReport& report, std::size_t most_keys);

}  // namespace regwatch::test
