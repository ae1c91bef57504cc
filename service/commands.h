// From a parsed command line to the number the process ends with.
//
// The main thread; writes to the standard streams. Each command that takes more than a few lines
// has a file of its own.
#pragma once

#include "service/command_line.h"

namespace regwatch {

[[nodiscard]] int execute(const CommandLine& line);

// Each in the file of its name: run_command.cpp, watch_command.cpp, …
[[nodiscard]] int run_in_console(const CommonOptions& options);
[[nodiscard]] int watch_in_console(const WatchCommand& command);
[[nodiscard]] int check_config(const CommonOptions& options, const CheckCommand& command);
[[nodiscard]] int explain(const CommonOptions& options, const ExplainCommand& command);
[[nodiscard]] int status(const CommonOptions& options, const StatusCommand& command);
[[nodiscard]] int reload(const CommonOptions& options, const ReloadCommand& command);
[[nodiscard]] int mute(const CommonOptions& options, const MuteCommand& command);
[[nodiscard]] int start(const CommonOptions& options);
[[nodiscard]] int stop(const CommonOptions& options);
[[nodiscard]] int doctor(const CommonOptions& options, const DoctorCommand& command);
[[nodiscard]] int test_action_in_console(const CommonOptions& options,
                                         const TestActionCommand& command);

}  // namespace regwatch
