#include "service/service_definition.h"

#include <cstddef>
#include <utility>

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

std::vector<std::string> split_command_line(std::string_view line) {
    std::vector<std::string> arguments;
    std::string now;
    bool any = false;
    bool quoted = false;
    std::size_t backslashes = 0;
    for (const char c : line) {
        if (c == '\\') {
            ++backslashes;
            continue;
        }
        // Only before a quote do they come in pairs; an odd one makes the quote a letter.
        now.append(c == '"' ? backslashes / 2 : backslashes, '\\');
        any = any || backslashes != 0;
        const bool escaped = c == '"' && backslashes % 2 != 0;
        backslashes = 0;
        if (c == '"' && !escaped) {
            quoted = !quoted;
            any = true;
        } else if ((c == ' ' || c == '\t') && !quoted) {
            if (std::exchange(any, false)) arguments.push_back(std::exchange(now, {}));
        } else {
            now += c;
            any = true;
        }
    }
    now.append(backslashes, '\\');
    if (any || backslashes != 0) arguments.push_back(now);
    return arguments;
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
