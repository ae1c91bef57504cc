// Checks of Windows file paths and program arguments that need no Windows.
//
// Pure; any thread. Variables such as %ProgramData% are expanded later, on the machine itself. Each
// check answers with what is wrong, or with an empty text.
#pragma once

#include <string>
#include <string_view>

namespace regwatch {

// Absolute (C:\…, \\server\share\…) or beginning with %NAME%\, with no character Windows refuses.
[[nodiscard]] std::string path_complaint(std::string_view path);

// The same, and the path of something that can be run: .exe, .cmd, .bat or .ps1.
[[nodiscard]] std::string program_complaint(std::string_view path);

// Batch files are run by a command interpreter that reads its command line once more.
inline constexpr std::string_view kRefusedInBatchArguments = "\"%!\r\n";
[[nodiscard]] bool is_batch_file(std::string_view path);
[[nodiscard]] std::string argument_complaint(std::string_view argument, bool for_batch_file);

[[nodiscard]] inline bool is_slash(char c) noexcept { return c == '\\' || c == '/'; }

// Equal for two spellings of one folder, as far as that is known without asking the system.
[[nodiscard]] std::u16string folded_folder(std::string_view path);

}  // namespace regwatch
