// A value's data as text for people: what the Event Log and the console show.
//
// Pure; any thread. What comes out is the data's own characters, whatever they are: whoever shows
// it escapes and clips it (text/utf.h). The exact data is in the JSON record.
#pragma once

#include <cstddef>
#include <string>

#include "change/change_data.h"
#include "registry/value.h"

namespace regwatch {

// Of longer binary data the text shows this much, and says how long it is and its SHA-256.
inline constexpr std::size_t kMaxHexBytes = 256;

// Text as it is, numbers as "1 (0x00000001)", lists as "a", "b" with their quotes, everything else,
// and what does not fit its type, as "de ad be ef". Without data, or with none but a terminator:
// "(empty)".
[[nodiscard]] std::u16string to_text(const ValueData& data);
// The same for what is handed on, with "(redacted, 12 bytes)" for what nobody may see and, behind the
// first part of what is too long, " … (70000 bytes, SHA-256 4b…)".
[[nodiscard]] std::u16string to_text(const ChangeData& data);
[[nodiscard]] std::u16string redacted_text(std::uint64_t size);
[[nodiscard]] std::u16string rest_text(const ChangeData& data);  // " … (…)", or nothing

// "0x" and 8 or 16 digits for data that as_number() can read; otherwise empty.
[[nodiscard]] std::string to_hex_number(const ValueData& data);

// What stands for the name of a key's default value.
inline constexpr const char16_t* kDefaultValueText = u"(Default)";

}  // namespace regwatch
