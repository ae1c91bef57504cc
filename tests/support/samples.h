// Values and changes for tests, written shortly.
//
// Pure.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "change/change.h"
#include "registry/value.h"

namespace regwatch::test {

// The units as they are: no terminator is added.
ValueData raw_text(ValueType type, std::u16string_view text);
// With its terminator, as most programs write it.
ValueData sz(std::u16string_view text);
ValueData multi_sz(std::initializer_list<std::u16string_view> strings);
ValueData dword(std::uint32_t number);
ValueData qword(std::uint64_t number);
ValueData binary(std::initializer_list<std::uint8_t> bytes);

// HKLM\SOFTWARE\Example\Run, value Updater, found on 2026-11-02 10:15:30.1234567 by the watch
// "run-keys", with every field filled.
Change value_change(std::optional<ValueData> before, std::optional<ValueData> after);
// For those whom only its number concerns.
SharedChange numbered_change(std::uint64_t sequence);
Change key_change(DifferenceKind kind);
Change renamed_key(std::u16string new_name);
Change security_change(std::string before, std::string after);

}  // namespace regwatch::test
