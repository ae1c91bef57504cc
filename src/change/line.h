// A change as one line for a console.
//
// Pure; any thread. The line is well-formed UTF-8 without control characters other than the colours
// that it sets itself: names and data come from whoever writes to the registry, and could otherwise
// drive the terminal. Parts that are too long are clipped, so that the line stays a line.
#pragma once

#include <cstddef>
#include <string>

#include "change/change.h"

namespace regwatch {

// In UTF-16 units. Of a longer key the two ends are shown; its escapes may take as much again.
inline constexpr std::size_t kMaxLineKey = 240;
inline constexpr std::size_t kMaxLineName = 100;
inline constexpr std::size_t kMaxLineData = 200;  // for the old and for the new data

enum class Colour { never, always };

// HKLM\SOFTWARE\Example\Run  Updater  REG_SZ "old" -> "new"
// A value that was not there before, or is no longer there, is shown as (none).
[[nodiscard]] std::string to_line(const Change& change, Colour colour = Colour::never);

}  // namespace regwatch
