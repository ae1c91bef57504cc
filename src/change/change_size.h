// How much memory changes may take where they wait: counting them says little where each may hold megabytes.
//
// Pure; any thread.
#pragma once

#include <cstddef>

#include "change/change.h"

namespace regwatch {

// Read at once of what is kept: by one action, which holds no more of it.
inline constexpr std::size_t kMostBytesAtOnce = std::size_t{16} << 20;
// That are kept nowhere else: in the queue of one action; and of all that waits for the state.
inline constexpr std::size_t kMostBytesUnkept = std::size_t{64} << 20;

[[nodiscard]] std::size_t size_in_memory(const Change& change) noexcept;

}  // namespace regwatch
