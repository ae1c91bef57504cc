// Comparing names as the registry does: without regard to case.
//
// Pure; any thread. Folds unit by unit with the table that Windows 7 and later use for names: the
// simple upper-case mapping of Unicode 5.1, without the letters that share a capital (U+0131 and
// U+017F stay). Never changes the length; code points beyond the basic plane are left alone.
// Letters that came to Unicode later are left alone too: taking one key for two shows a change
// twice, taking two keys for one would hide a change.
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
