// From the bytes of a config file to its text in UTF-8.
//
// Pure; any thread. UTF-8 with or without a byte order mark, and UTF-16 with one. The text that
// comes out is well-formed and holds no NUL, which the JSON library would take for the end of the
// file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace regwatch {

inline constexpr std::size_t kMaxConfigBytes = std::size_t{16} * 1024 * 1024;

struct DecodedText {
    std::string text;        // up to the error, where there is one
    std::string problem;     // empty: none
    bool has_place = false;  // the problem is at the end of `text`; otherwise it is nowhere
};

[[nodiscard]] DecodedText decode_config(std::string_view bytes);

}  // namespace regwatch
