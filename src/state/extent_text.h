// An extent as the state database keeps it: one fact a line, "exclude_values *Time".
//
// Pure; any thread. Patterns hold no control characters, so that a line ends where it seems to.
#pragma once

#include <string>
#include <string_view>

#include "registry/extent.h"

namespace regwatch {

// Equal exactly for equal extents.
[[nodiscard]] std::string to_text(const Extent& extent);
// What is not understood is left out.
[[nodiscard]] Extent parse_extent(std::string_view text);

}  // namespace regwatch
