// Where things are on this machine, and names of files as the system wants them.
//
// Any thread. Wide strings stay inside src/win32 and service/; results that leave are UTF-8.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace regwatch::win32 {

// "C:\ProgramData". Asked of the shell, and only where that cannot be had taken from the
// environment, which whoever starts a console program may have changed.
Result<std::string> program_data_folder();
// Of this program, absolute.
Result<std::string> module_path();
// "C:\Windows\System32"
Result<std::wstring> system_folder();
// "C:\Windows"
Result<std::wstring> windows_folder();

// Replaces %NAME% by the variables of this process; unknown ones stay as they are.
Result<std::string> expand_environment(const std::string& text);

// "C:\…", "\\server\share\…" or "\\?\…"
[[nodiscard]] bool is_absolute(std::wstring_view path) noexcept;
// The system's longest plain path is 260 units; beyond that it wants "\\?\" and no '/'.
[[nodiscard]] std::wstring to_long_path(const std::string& utf8);
// Everything before the last separator.
[[nodiscard]] std::wstring parent_of(std::wstring_view path);
// The folder and those above it, where missing, with the access list they inherit.
Result<void> create_folders(const std::wstring& path);

}  // namespace regwatch::win32
