#include "change/data_text.h"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

#include "text/sha256.h"
#include "text/utf.h"

namespace regwatch {
namespace {

constexpr std::u16string_view kEmpty = u"(empty)";

std::u16string to_list(const std::vector<std::u16string>& strings) {
    std::u16string text;
    for (const std::u16string& string : strings) {
        if (!text.empty()) text += u", ";
        text.append(u"\"").append(string).append(u"\"");
    }
    return text;
}

std::u16string rest_text(std::uint64_t size, const std::string& hash) {
    return to_utf16(" … (" + std::to_string(size) + " bytes, SHA-256 " + hash + ")");
}

// Without what stands for the rest.
std::u16string to_hex(const Bytes& bytes) {
    std::u16string text;
    const std::size_t shown = std::min(bytes.size(), kMaxHexBytes);
    for (std::size_t i = 0; i < shown; ++i) {
        if (i != 0) text.push_back(u' ');
        text.push_back(u"0123456789abcdef"[bytes[i] >> 4]);
        text.push_back(u"0123456789abcdef"[bytes[i] & 0xF]);
    }
    return text;
}

enum class Rest { told, left_out };

std::u16string text_of(const ValueData& data, Rest rest) {
    std::u16string text;
    if (const std::optional<std::u16string> string = as_string(data)) {
        text = *string;
    } else if (const std::optional<std::vector<std::u16string>> strings = as_strings(data)) {
        text = to_list(*strings);
    } else if (const std::optional<std::uint64_t> number = as_number(data)) {
        text = to_utf16(std::to_string(*number) + " (" + to_hex_number(data) + ")");
    } else {
        text = to_hex(data.bytes);
        if (rest == Rest::told && data.bytes.size() > kMaxHexBytes)
            text += rest_text(data.bytes.size(), sha256(data.bytes));
    }
    return text.empty() ? std::u16string(kEmpty) : text;
}

}  // namespace

std::u16string to_text(const ValueData& data) { return text_of(data, Rest::told); }

// Size and hash are those of all the data, not of the part of it that is here.
std::u16string to_text(const ChangeData& data) {
    if (data.redacted) return redacted_text(data.size);
    return text_of(data, data.truncated() ? Rest::left_out : Rest::told) + rest_text(data);
}

std::u16string redacted_text(std::uint64_t size) {
    return to_utf16("(redacted, " + std::to_string(size) + " bytes)");
}

std::u16string rest_text(const ChangeData& data) {
    if (!data.truncated()) return {};
    return rest_text(data.size, data.sha256);
}

std::string to_hex_number(const ValueData& data) {
    const std::optional<std::uint64_t> number = as_number(data);
    if (!number) return {};
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "0x%0*" PRIx64, data.type == ValueType::qword ? 16 : 8,
                  *number);
    return text.data();
}

}  // namespace regwatch
