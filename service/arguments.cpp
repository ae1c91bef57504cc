#include "service/arguments.h"

#include <cstdlib>

#include "win32/text.h"

namespace regwatch {

std::vector<std::string> process_arguments() {
    std::vector<std::string> arguments;
    for (int i = 1; i < __argc; ++i) arguments.push_back(win32::to_utf8(__wargv[i]));
    return arguments;
}

}  // namespace regwatch
