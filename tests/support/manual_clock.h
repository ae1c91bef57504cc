// Clock for tests: stands still until it is told the time. Any thread.
#pragma once

#include "base/sync.h"
#include "platform/clock.h"

namespace regwatch::test {

class ManualClock final : public Clock {
public:
    explicit ManualClock(WallTime wall = WallTime(WallTicks(17'000'000'000'000'000)))
        : wall_(wall) {}

    // Both times go on, as they do in life.
    void advance(Duration duration) {
        Lock lock(mutex_);
        steady_ += duration;
        wall_ += std::chrono::duration_cast<WallTicks>(duration);
    }
    // Somebody sets the system's clock, to earlier perhaps; the steady time does not care.
    void set_wall(WallTime wall) {
        Lock lock(mutex_);
        wall_ = wall;
    }

    [[nodiscard]] WallTime wall_now() const noexcept override {
        Lock lock(mutex_);
        return wall_;
    }
    [[nodiscard]] SteadyTime steady_now() const noexcept override {
        Lock lock(mutex_);
        return steady_;
    }

private:
    mutable Mutex mutex_;
    WallTime wall_ REGWATCH_GUARDED_BY(mutex_);
    SteadyTime steady_ REGWATCH_GUARDED_BY(mutex_){};
};

}  // namespace regwatch::test
