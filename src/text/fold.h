// Comparing names as the registry does: without regard to case.
//
// Pure; any thread. Folds by the simple (one unit to one unit) upper-case mapping of Unicode, as Windows
// does for key names; never changes the length. Code points beyond the basic plane are left alone.
#pragma once

#include <string>
#include <string_view>

namespace regwatch {

[[nodiscard]] char16_t fold(char16_t unit) noexcept;
[[nodiscard]] std::u16string fold(std::u16string_view text);
[[nodiscard]] bool equal_folded(std::u16string_view a, std::u16string_view b) noexcept;

// '*' any run of units, '?' one unit, everything else itself, without regard to case.
[[nodiscard]] bool matches_glob(std::u16string_view pattern, std::u16string_view text) noexcept;

}  // namespace regwatch
