#include "text/base64.h"

#include <vector>

namespace regwatch {

std::string to_base64(std::span<const std::uint8_t> bytes) {
    static constexpr char kDigits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (; !bytes.empty(); bytes = bytes.subspan(bytes.size() < 3 ? bytes.size() : 3)) {
        const std::uint32_t first = bytes[0];
        const std::uint32_t second = bytes.size() > 1 ? bytes[1] : 0;
        const std::uint32_t third = bytes.size() > 2 ? bytes[2] : 0;
        const std::uint32_t group = (first << 16) | (second << 8) | third;
        out.push_back(kDigits[group >> 18]);
        out.push_back(kDigits[(group >> 12) & 63]);
        out.push_back(bytes.size() > 1 ? kDigits[(group >> 6) & 63] : '=');
        out.push_back(bytes.size() > 2 ? kDigits[group & 63] : '=');
    }
    return out;
}

std::string to_base64(std::u16string_view text) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() * 2);
    for (const char16_t unit : text) {
        bytes.push_back(static_cast<std::uint8_t>(unit & 0xFF));
        bytes.push_back(static_cast<std::uint8_t>(unit >> 8));
    }
    return to_base64(bytes);
}

}  // namespace regwatch
