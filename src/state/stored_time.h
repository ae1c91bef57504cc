// A time as a row has it: in the system's ticks of 100 ns since 1970.
//
// Pure; any thread.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace regwatch {

[[nodiscard]] inline std::int64_t ticks(WallTime time) { return time.time_since_epoch().count(); }
[[nodiscard]] inline WallTime wall_time(std::int64_t ticks) { return WallTime(WallTicks(ticks)); }

}  // namespace regwatch
