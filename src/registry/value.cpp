#include "registry/value.h"

#include <array>
#include <cstddef>
#include <cstdio>
#include <iterator>

namespace regwatch {
namespace {

constexpr const char* kTypeNames[] = {
    "REG_NONE",
    "REG_SZ",
    "REG_EXPAND_SZ",
    "REG_BINARY",
    "REG_DWORD",
    "REG_DWORD_BIG_ENDIAN",
    "REG_LINK",
    "REG_MULTI_SZ",
    "REG_RESOURCE_LIST",
    "REG_FULL_RESOURCE_DESCRIPTOR",
    "REG_RESOURCE_REQUIREMENTS_LIST",
    "REG_QWORD",
};

std::optional<std::u16string> units_of(const Bytes& bytes) {
    if (bytes.size() % 2 != 0) return std::nullopt;
    std::u16string text;
    text.reserve(bytes.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        text.push_back(static_cast<char16_t>(bytes[i] | (bytes[i + 1] << 8)));
    }
    return text;
}

}  // namespace

std::string name_of(ValueType type) {
    const auto number = static_cast<std::uint32_t>(type);
    if (number < std::size(kTypeNames)) return kTypeNames[number];
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "REG_0x%08x", static_cast<unsigned>(number));
    return text.data();
}

std::optional<std::u16string> as_string(const ValueData& data) {
    if (data.type != ValueType::sz && data.type != ValueType::expand_sz &&
        data.type != ValueType::link) {
        return std::nullopt;
    }
    std::optional<std::u16string> text = units_of(data.bytes);
    if (text && !text->empty() && text->back() == u'\0') text->pop_back();
    return text;
}

std::optional<std::vector<std::u16string>> as_strings(const ValueData& data) {
    if (data.type != ValueType::multi_sz) return std::nullopt;
    const std::optional<std::u16string> text = units_of(data.bytes);
    if (!text) return std::nullopt;

    std::vector<std::u16string> strings;
    std::u16string_view rest = *text;
    // An empty list is written with one terminator by some programs and with two by others.
    if (rest == std::u16string_view(u"\0\0", 2)) return strings;
    if (!rest.empty() && rest.back() == u'\0') rest.remove_suffix(1);
    while (!rest.empty()) {
        const std::size_t end = rest.find(u'\0');
        strings.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end == std::u16string_view::npos ? rest.size() : end + 1);
    }
    return strings;
}

std::optional<std::uint64_t> as_number(const ValueData& data) {
    const bool is_qword = data.type == ValueType::qword;
    const bool is_big_endian = data.type == ValueType::dword_big_endian;
    if (!is_qword && !is_big_endian && data.type != ValueType::dword) return std::nullopt;
    const std::size_t size = is_qword ? 8 : 4;
    if (data.bytes.size() != size) return std::nullopt;

    std::uint64_t number = 0;
    for (std::size_t i = 0; i < size; ++i) {
        number = (number << 8) | data.bytes[is_big_endian ? i : size - 1 - i];
    }
    return number;
}

}  // namespace regwatch
