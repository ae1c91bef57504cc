// The system's times in the project's: 100-nanosecond ticks, counted from 1970 instead of 1601.
//
// Pure; any thread. Zero stays zero: the registry uses it for "not known", and so do we.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace regwatch::win32 {

[[nodiscard]] constexpr WallTime to_wall_time(std::int64_t file_time) noexcept {
    constexpr std::int64_t kEpochDifference = 116'444'736'000'000'000;  // 1601 to 1970, in ticks
    return WallTime(WallTicks(file_time == 0 ? 0 : file_time - kEpochDifference));
}

}  // namespace regwatch::win32
