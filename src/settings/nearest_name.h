// The name that somebody probably meant.
//
// Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace regwatch {

// The candidate with the fewest changed, added, missing or swapped letters, without regard to ASCII
// case; empty when none is near enough to be worth saying.
[[nodiscard]] std::string_view nearest_name(std::string_view name,
                                            std::span<const std::string_view> candidates);

// What an unknown field was meant to be: the field that does what one of this name does in another
// product, if it is among the candidates, or else the nearest name.
[[nodiscard]] std::string_view meant_field(std::string_view name,
                                           std::span<const std::string_view> candidates);

}  // namespace regwatch
