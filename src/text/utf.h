// UTF-16 as the registry has it, and UTF-8 as everybody else wants it.
//
// Pure; any thread. Registry names are any sequence of 16-bit units: NULs, control characters and lone
// surrogates are normal input. Three ways across, by purpose:
//   wtf8 / utf16   exact both ways: a lone surrogate becomes its three-byte form (which is not UTF-8)
//   readable       for people and JSON: always well-formed UTF-8, what cannot be shown becomes \u{…}
#pragma once

#include <string>
#include <string_view>

namespace regwatch {

[[nodiscard]] std::string to_wtf8(std::u16string_view text);
// Ill-formed bytes become U+FFFD.
[[nodiscard]] std::u16string to_utf16(std::string_view utf8);

[[nodiscard]] bool is_well_formed(std::u16string_view text) noexcept;  // no lone surrogate

// Well-formed UTF-8. Lone surrogates, control characters (NUL, tab, CR, LF included), bidi controls and
// other invisible format characters are written as \u{hex}; nothing else is changed.
[[nodiscard]] std::string readable(std::u16string_view text);
[[nodiscard]] std::string readable(std::string_view utf8);

}  // namespace regwatch
