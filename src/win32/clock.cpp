#include "win32/clock.h"

#include <chrono>

#include "win32/time.h"
#include "win32/windows.h"

namespace regwatch::win32 {

WallTime SystemClock::wall_now() const noexcept {
    FILETIME now{};
    GetSystemTimePreciseAsFileTime(&now);
    ULARGE_INTEGER ticks{};
    ticks.LowPart = now.dwLowDateTime;
    ticks.HighPart = now.dwHighDateTime;
    return to_wall_time(static_cast<std::int64_t>(ticks.QuadPart));
}

SteadyTime SystemClock::steady_now() const noexcept {
    return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

}  // namespace regwatch::win32
