// UTF-16 as the registry has it, and UTF-8 as everybody else wants it.
//
// Pure; any thread. Registry names are any sequence of 16-bit units: NULs, control characters and
// lone surrogates are normal input. Three ways across, by purpose:
//   to_wtf8, to_utf16  exact both ways: a lone surrogate becomes its three-byte form (not UTF-8)
//   to_utf8            for JSON: well-formed, all characters themselves, lone surrogates as \u{hex}
//   readable           for people: well-formed, and what cannot be seen is written as \u{hex} too
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace regwatch {

[[nodiscard]] std::string to_wtf8(std::u16string_view text);
// Ill-formed bytes become U+FFFD, one for each sequence that was begun and not finished.
[[nodiscard]] std::u16string to_utf16(std::string_view utf8);

[[nodiscard]] bool is_well_formed(std::u16string_view text) noexcept;  // no lone surrogate

// Well-formed UTF-8 of the same characters; only lone surrogates are written as \u{hex}.
[[nodiscard]] std::string to_utf8(std::u16string_view text);

// Well-formed UTF-8. Lone surrogates, control characters (NUL, tab, CR, LF included), bidi controls
// and other invisible format characters are written as \u{hex}; nothing else is changed.
[[nodiscard]] std::string readable(std::u16string_view text);
[[nodiscard]] std::string readable(std::string_view utf8);

enum class Percent { plain, broken };

// Readable text of at most `limit` units, which should be 64 or more. What is too long ends in
// "…[truncated N of M]", counted in units of `text`, on the border of a character and never inside
// an escape. With Percent::broken a U+200B parts '%' from a digit, '%' or '!' that follows it.
// Costs what `limit` asks for, not what `text` holds. `sha256_of_whole`, if there is one, is asked only
// for what is too long, and its 64 digits are in the marker, which then needs 64 units more.
[[nodiscard]] std::u16string clip_readable(
    std::u16string_view text, std::size_t limit, Percent percent = Percent::plain,
    const std::function<std::string()>& sha256_of_whole = {});

}  // namespace regwatch
