// Whether a terminal gets colours; no-color.org has the variable.
//
// Pure; any thread.
#pragma once

#include <string_view>

#include "change/line.h"

namespace regwatch {

// `no_color` is what the variable NO_COLOR holds: empty, or not there at all, refuses nothing.
[[nodiscard]] inline Colour colour_for(bool terminal_knows_them,
                                       std::string_view no_color) noexcept {
    return terminal_knows_them && no_color.empty() ? Colour::always : Colour::never;
}

}  // namespace regwatch
