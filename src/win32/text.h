// The system's wide strings on one side, the project's UTF-16 and UTF-8 on the other.
//
// Pure; any thread. A wide string of Windows is any sequence of 16-bit units, so the way to and
// from char16_t is a copy; the way to UTF-8 is text/utf.h's exact one.
#pragma once

#include <string>
#include <string_view>

namespace regwatch::win32 {

[[nodiscard]] std::wstring to_wide(std::u16string_view text);
[[nodiscard]] std::wstring to_wide(std::string_view utf8);
[[nodiscard]] std::u16string to_units(std::wstring_view wide);
[[nodiscard]] std::string to_utf8(std::wstring_view wide);

}  // namespace regwatch::win32
