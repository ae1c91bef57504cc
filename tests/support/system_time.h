// The clock of the machine, for tests and benchmarks on real keys. Any thread.
#pragma once

#include <chrono>

#include "platform/clock.h"

namespace regwatch::test {

class SystemTime final : public Clock {
public:
    [[nodiscard]] WallTime wall_now() const noexcept override {
        return std::chrono::time_point_cast<WallTicks>(std::chrono::system_clock::now());
    }
    [[nodiscard]] SteadyTime steady_now() const noexcept override {
        return std::chrono::steady_clock::now();
    }
};

}  // namespace regwatch::test
