#include "win32/text.h"

#include "text/utf.h"

namespace regwatch::win32 {

static_assert(sizeof(wchar_t) == sizeof(char16_t));

std::wstring to_wide(std::u16string_view text) { return {text.begin(), text.end()}; }

std::wstring to_wide(std::string_view utf8) { return to_wide(to_utf16(utf8)); }

std::u16string to_units(std::wstring_view wide) { return {wide.begin(), wide.end()}; }

std::string to_utf8(std::wstring_view wide) { return to_wtf8(to_units(wide)); }

}  // namespace regwatch::win32
