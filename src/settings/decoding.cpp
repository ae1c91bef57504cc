#include "settings/decoding.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "text/utf.h"

namespace regwatch {
namespace {

constexpr std::string_view kMarkUtf8 = "\xEF\xBB\xBF";
constexpr std::string_view kMarkLittle = "\xFF\xFE";
constexpr std::string_view kMarkBig = "\xFE\xFF";
constexpr std::string_view kMarkLittle32("\xFF\xFE\0\0", 4);

std::uint8_t byte_at(std::string_view bytes, std::size_t at) noexcept {
    return static_cast<std::uint8_t>(bytes[at]);
}

// The length of the well-formed character at `at`; 0: there is none (Unicode, table 3-7).
std::size_t character_length(std::string_view text, std::size_t at) noexcept {
    const std::uint8_t lead = byte_at(text, at);
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (at + length > text.size()) return 0;
    std::uint8_t lowest = 0x80;
    std::uint8_t highest = 0xBF;
    if (lead == 0xE0) lowest = 0xA0;
    if (lead == 0xED) highest = 0x9F;
    if (lead == 0xF0) lowest = 0x90;
    if (lead == 0xF4) highest = 0x8F;
    for (std::size_t i = 1; i < length; ++i) {
        const std::uint8_t next = byte_at(text, at + i);
        if (next < lowest || next > highest) return 0;
        lowest = 0x80;
        highest = 0xBF;
    }
    return length;
}

std::string hex(std::uint8_t byte) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    return {kDigits[byte / 16], kDigits[byte % 16]};
}

// Cuts `decoded.text` at the first thing that cannot be in a config.
void check_characters(DecodedText& decoded, bool was_utf16) {
    const std::string_view text = decoded.text;
    std::size_t at = 0;
    std::size_t length = 0;
    for (; at < text.size(); at += length) {
        length = character_length(text, at);
        if (length == 0 || text[at] == '\0') break;
    }
    if (at == text.size()) return;
    if (text[at] == '\0') {
        decoded.problem = "the file holds a NUL character here; save it as UTF-8 text";
    } else if (was_utf16) {
        decoded.problem = "the file holds half of a UTF-16 character here; save it as UTF-8 text";
    } else {
        decoded.problem = "the byte 0x" + hex(byte_at(text, at)) +
                          " is not UTF-8 here; save the file as UTF-8 text";
    }
    decoded.has_place = true;
    decoded.text.resize(at);
}

std::u16string join_units(std::string_view bytes, bool little) {
    std::u16string units(bytes.size() / 2, u'\0');
    for (std::size_t i = 0; i < units.size(); ++i) {
        const std::uint8_t first = byte_at(bytes, 2 * i);
        const std::uint8_t second = byte_at(bytes, 2 * i + 1);
        units[i] = static_cast<char16_t>(little ? second * 256 + first : first * 256 + second);
    }
    return units;
}

DecodedText refused(std::string problem) { return {{}, std::move(problem), false}; }

DecodedText decode_utf16(std::string_view bytes, bool little) {
    if (bytes.size() % 2 != 0) {
        return refused("the file ends in the middle of a UTF-16 character; save it as UTF-8 text");
    }
    DecodedText decoded;
    decoded.text = to_wtf8(join_units(bytes, little));
    return decoded;
}

// Half of the bytes of a JSON text in UTF-16 are NUL, the very first character included.
bool looks_like_utf16(std::string_view bytes) noexcept {
    return bytes.size() >= 2 && (bytes[0] == '\0') != (bytes[1] == '\0');
}

}  // namespace

DecodedText decode_config(std::string_view bytes) {
    if (bytes.size() > kMaxConfigBytes) {
        return refused("the file has " + std::to_string(bytes.size()) + " bytes; at most " +
                       std::to_string(kMaxConfigBytes) + " (16MB) are read");
    }
    if (bytes.starts_with(kMarkLittle32)) {
        return refused("the file is UTF-32; save it as UTF-8 text");
    }
    const bool little = bytes.starts_with(kMarkLittle);
    const bool utf16 = little || bytes.starts_with(kMarkBig);
    if (!utf16 && looks_like_utf16(bytes)) {
        return refused(
            "the file looks like UTF-16 without a byte order mark; save it as UTF-8 text");
    }
    DecodedText decoded;
    if (utf16) {
        decoded = decode_utf16(bytes.substr(2), little);
        if (!decoded.problem.empty()) return decoded;
    } else {
        decoded.text = bytes;
    }
    check_characters(decoded, utf16);
    // All of them: the JSON library would skip one more, and the positions would no longer agree.
    std::size_t marks = 0;
    while (std::string_view(decoded.text).substr(marks).starts_with(kMarkUtf8)) marks += 3;
    decoded.text.erase(0, marks);
    return decoded;
}

}  // namespace regwatch
