// The arguments this process was started with, UTF-8, without the program's name.
//
// Any thread. The C runtime keeps them for the life of the process; it takes the command line apart
// as CommandLineToArgvW does.
#pragma once

#include <string>
#include <vector>

namespace regwatch {

[[nodiscard]] std::vector<std::string> process_arguments();

}  // namespace regwatch
