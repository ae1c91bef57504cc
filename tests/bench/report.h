// The lines that the bench prints, and whether all bounds held.
//
// Values; one thread.
#pragma once

#include <cstdio>
#include <string>

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

// Trees of 10^3 and 10^4 keys with ten values each; with `large` also of 10^5.
void run_tree_scenarios(BenchReport& report, bool large);

}  // namespace regwatch::test
