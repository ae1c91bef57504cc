// What is written down about the service when it is installed: its command line and its fixed
// texts.
//
// Pure; any thread; UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/command_line.h"

namespace regwatch {

inline constexpr const char* kServiceDescription =
    "Reports changes of registry keys the moment they happen, with the old and the new data, and "
    "does what its configuration says about them.";

// As CommandLineToArgvW takes it apart again. Always in quotes: an unquoted path with a space in it
// lets whoever may write C:\Program.exe run as the service.
[[nodiscard]] std::string quote_argument(std::string_view argument);

// The way back, as CommandLineToArgvW does it; the first one is the program.
[[nodiscard]] std::vector<std::string> split_command_line(std::string_view line);

// `"C:\…\regwatch.exe" --config "…"`: with the options that are not the default.
[[nodiscard]] std::string service_command_line(const std::string& program,
                                               const CommonOptions& options);

}  // namespace regwatch
