// What the system calls the final path of an open file: the one that has no link on its way.
//
// Pure; any thread. UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace regwatch {

// "\\?\C:\Ops\x.exe" is "C:\Ops\x.exe", and "\\?\UNC\server\share\x.exe" is "\\server\share\x.exe".
// Any other path stays as it is.
[[nodiscard]] std::string without_prefix(std::string_view final_path);

// Of a path without such a prefix: its folder and each above that, up to "C:\" or "\\server\share".
[[nodiscard]] std::vector<std::string> folders_above(std::string_view path);

// Whether a name of this machine leads to a file of another one, whose administrators are others.
[[nodiscard]] bool leads_to_another_machine(std::string_view named, std::string_view found);

}  // namespace regwatch
