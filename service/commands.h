// From a parsed command line to the number the process ends with.
//
// The main thread; writes to the standard streams. Each command that takes more than a few lines
// has a file of its own.
#pragma once

#include "service/command_line.h"

namespace regwatch {

[[nodiscard]] int execute(const CommandLine& line);

// run_command.cpp, watch_command.cpp, check_command.cpp, test_action_command.cpp
[[nodiscard]] int run_in_console(const CommonOptions& options);
[[nodiscard]] int watch_in_console(const WatchCommand& command);
[[nodiscard]] int check_config(const CommonOptions& options);
[[nodiscard]] int test_action_in_console(const CommonOptions& options,
                                         const TestActionCommand& command);

}  // namespace regwatch
