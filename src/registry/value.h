// The data of one registry value, byte for byte as the system keeps it, and the ways to read it.
//
// Plain values; any thread. The bytes are the truth and are never changed: odd sizes, missing
// terminators, embedded NULs and unknown types are normal input. The readers below interpret a copy
// and say so when the bytes do not fit their type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace regwatch {

// Numbers as in winnt.h; any other number is possible too.
enum class ValueType : std::uint32_t {
    none = 0,
    sz = 1,
    expand_sz = 2,
    binary = 3,
    dword = 4,
    dword_big_endian = 5,
    link = 6,
    multi_sz = 7,
    resource_list = 8,
    full_resource_descriptor = 9,
    resource_requirements_list = 10,
    qword = 11,
};

// "REG_SZ"; a number that has no name is "REG_0x0000002a".
[[nodiscard]] std::string name_of(ValueType type);

using Bytes = std::vector<std::uint8_t>;

struct ValueData {
    ValueType type = ValueType::none;
    Bytes bytes;

    friend bool operator==(const ValueData&, const ValueData&) = default;
};

struct Value {
    std::u16string name;  // empty: the key's default value; may hold NULs and lone surrogates
    ValueData data;

    friend bool operator==(const Value&, const Value&) = default;
};

// Readers: nothing when the type is another one or the size does not fit it.
// For sz, expand_sz and link: everything before the terminator that ends the data, if there is one;
// earlier NULs stay part of the text. An odd last byte makes it unreadable as text.
[[nodiscard]] std::optional<std::u16string> as_string(const ValueData& data);
// For multi_sz: the strings between the terminators, an empty one inside included; the last
// terminators may be missing. One or two terminators alone are an empty list.
[[nodiscard]] std::optional<std::vector<std::u16string>> as_strings(const ValueData& data);
// For dword, dword_big_endian and qword, of exactly 4, 4 and 8 bytes.
[[nodiscard]] std::optional<std::uint64_t> as_number(const ValueData& data);

}  // namespace regwatch
