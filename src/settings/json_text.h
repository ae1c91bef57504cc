// Finding tokens in the text of a JSON document, to know where each of them begins.
//
// Pure; any thread; never throws. The JSON library's events carry no positions, but come one per
// token and in order, so the text itself is followed beside them. What counts as blank is what the
// library skips: white space, and comments to the end of a line or between /* and */.
#pragma once

#include <cstddef>
#include <string_view>

namespace regwatch {

// The first place at or after `from` that is not blank. Stops at a comment that is never closed.
[[nodiscard]] std::size_t skip_blank(std::string_view text, std::size_t from) noexcept;

// The same, with ',' and ':' counted as blank.
[[nodiscard]] std::size_t skip_to_token(std::string_view text, std::size_t from) noexcept;

// Where the well-formed token that begins at `from` ends.
[[nodiscard]] std::size_t token_end(std::string_view text, std::size_t from) noexcept;

// Of the well-formed string that begins at `from`: where what became the byte `decoded` of its UTF-8
// begins, an escape at its backslash.
[[nodiscard]] std::size_t offset_in_string(std::string_view text, std::size_t from,
                                           std::size_t decoded) noexcept;

// The length of the longest JSON number that `text` begins with; 0: it begins with none.
[[nodiscard]] std::size_t number_length(std::string_view text) noexcept;

}  // namespace regwatch
