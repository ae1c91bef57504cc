// Pieces of the sentences in which the loader says what it found.
//
// Pure; any thread. What comes from the file is clipped and made readable, because messages end up
// in terminals and in the Event Log.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace regwatch {

// At most `limit` bytes of `utf8`, cut on a character's border, with "…" where something is left
// out.
[[nodiscard]] std::string clip(std::string_view utf8, std::size_t limit);

// In double quotes, clipped, readable: "HKLM\SOFTWARE"
[[nodiscard]] std::string in_quotes(std::string_view utf8);

// "a", "b" or "c"
[[nodiscard]] std::string listed(const std::vector<std::string>& items, std::string_view last_word);

// " (did you mean "recursive"?)", or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view nearest);

// Where the first control character of `utf8` stands; npos: it holds none.
[[nodiscard]] std::size_t control_character_at(std::string_view utf8);

// "U+0009 (a tab)" for the first control character of `utf8`; empty: it holds none.
[[nodiscard]] std::string first_control_character(std::string_view utf8);

}  // namespace regwatch
