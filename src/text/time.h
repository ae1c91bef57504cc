// Wall times as text.
//
// Pure; any thread.
#pragma once

#include <string>

#include "base/time.h"

namespace regwatch {

// "2026-11-02T10:15:30.1234567Z": UTC, all the digits that the system keeps.
[[nodiscard]] std::string to_iso_text(WallTime time);

}  // namespace regwatch
