// When what failed is tried again: soon if it is likely to pass, then with growing delay.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/result.h"
#include "base/time.h"

namespace regwatch {

inline constexpr Duration kFirstRetrySoon =
    std::chrono::milliseconds(50);  // of what is likely to pass
inline constexpr Duration kFirstRetry = std::chrono::seconds(1);
inline constexpr Duration kLongestRetry = std::chrono::seconds(60);

// `last`: the delay before this one, zero for the first.
[[nodiscard]] inline Duration next_delay(Duration last, ErrorKind kind) {
    const bool may_pass = kind == ErrorKind::transient;
    const Duration first = may_pass ? kFirstRetrySoon : kFirstRetry;
    return std::clamp(last * 2, first, kLongestRetry);
}

}  // namespace regwatch
