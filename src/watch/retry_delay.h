// When what failed is tried again: soon if it is likely to pass, then with growing delay.
#pragma once

#include <chrono>

#include "base/result.h"
#include "base/time.h"

namespace regwatch {

inline constexpr Duration kFirstRetrySoon =
    std::chrono::milliseconds(50);  // of what is likely to pass
inline constexpr Duration kFirstRetry = std::chrono::seconds(1);
inline constexpr Duration kLongestRetry = std::chrono::seconds(60);

// `last`: the delay before this one, zero for the first.
[[nodiscard]] Duration next_delay(Duration last, ErrorKind kind);

}  // namespace regwatch
