// Port: the time. Implemented by src/win32/clock.cpp and by tests/support (told by the test). Any thread.
#pragma once

#include "base/time.h"

namespace regwatch {

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual WallTime wall_now() const noexcept = 0;
    [[nodiscard]] virtual SteadyTime steady_now() const noexcept = 0;
};

}  // namespace regwatch
