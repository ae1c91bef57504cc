// The time of this machine. Any thread.
#pragma once

#include "platform/clock.h"

namespace regwatch::win32 {

class SystemClock final : public Clock {
public:
    [[nodiscard]] WallTime wall_now() const noexcept override;
    [[nodiscard]] SteadyTime steady_now() const noexcept override;
};

}  // namespace regwatch::win32
