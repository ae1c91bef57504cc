// Bytes as base64 (RFC 4648, with padding).
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace regwatch {

[[nodiscard]] std::string to_base64(std::span<const std::uint8_t> bytes);
// Of the text's UTF-16 in little-endian order, as the registry stores it.
[[nodiscard]] std::string to_base64(std::u16string_view text);

}  // namespace regwatch
