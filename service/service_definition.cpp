#include "service/service_definition.h"

#include <cstddef>

namespace regwatch {

std::string quote_argument(std::string_view argument) {
    std::string quoted = "\"";
    std::size_t backslashes = 0;
    for (const char c : argument) {
        if (c == '\\') {
            ++backslashes;
            continue;
        }
        // Only before a quote does a backslash mean anything, and is then written twice.
        quoted.append(c == '"' ? 2 * backslashes + 1 : backslashes, '\\');
        backslashes = 0;
        quoted += c;
    }
    return quoted.append(2 * backslashes, '\\') + '"';
}

std::string service_command_line(const std::string& program, const CommonOptions& options) {
    std::string line = quote_argument(program);
    if (!options.config.empty()) line += " --config " + quote_argument(options.config);
    if (!options.data_directory.empty())
        line += " --data-dir " + quote_argument(options.data_directory);
    if (options.service_name != CommonOptions{}.service_name)
        line += " --name " + quote_argument(options.service_name);
    return line;
}

}  // namespace regwatch
