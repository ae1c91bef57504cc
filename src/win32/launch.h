// How a program of the config is started: which executable, and with which command line.
//
// Pure but for looking at the file system and this process's environment; any thread. Scripts are
// handed to their interpreter by its full path, so that no search path and no file association has
// a say. Whoever could choose arguments must not be able to smuggle in a second command: arguments
// for batch files that cmd.exe would read as more than text are refused, because there is no way to
// quote them that is safe for every batch file.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "platform/process.h"

namespace regwatch::win32 {

struct Launch {
    std::wstring application;
    std::wstring command_line;
    std::wstring working_directory;
};

// Expands %NAME% in the file and the working directory. Fails when the file does not exist.
Result<Launch> plan_launch(const ProcessSpec& spec);

// A double-NUL-terminated block, sorted as the system wants it: a short list of variables of this
// process, a search path of the system's own folders, and `added`, which wins.
Result<std::wstring> environment_block(
    const std::vector<std::pair<std::string, std::string>>& added);

// One argument as the C runtime's parser takes it apart again.
[[nodiscard]] std::wstring quoted(const std::wstring& argument);

}  // namespace regwatch::win32
