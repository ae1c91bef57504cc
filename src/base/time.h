// The two times of the project: wall time for records, steady time for waiting.
//
// Wall time counts the system's own 100-nanosecond ticks since 1970, so that a key's last-write time
// is kept exactly. Nothing waits on wall time: it may be set back. Neither is read outside
// platform/clock.h's implementations; code that needs the time is told it.
#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>

namespace regwatch {

using WallTicks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
using WallTime = std::chrono::time_point<std::chrono::system_clock, WallTicks>;

using Duration = std::chrono::nanoseconds;
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, Duration>;

}  // namespace regwatch
