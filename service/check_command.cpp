#include "service/commands.h"
#include "service/config_file.h"
#include "service/console.h"
#include "service/exit_code.h"
#include "service/places.h"

namespace regwatch {

int check_config(const CommonOptions& options) {
    const Console error(Console::Stream::error);
    const auto places = find_places(options);
    if (!places) {
        error.write_line("regwatch: " + places.error().text());
        return static_cast<int>(ExitCode::failure);
    }
    const auto loaded = load_config(places->config);
    if (!loaded) {
        error.write_line("regwatch: " + loaded.error().text());
        return static_cast<int>(ExitCode::config_unreadable);
    }
    if (!loaded->settings) {
        for (const Problem& problem : loaded->problems) error.write_line(problem.text());
        error.write_line(std::to_string(loaded->problems.size()) + " problem(s)");
        return static_cast<int>(ExitCode::config_invalid);
    }
    const Settings& settings = *loaded->settings;
    Console(Console::Stream::output)
        .write_line(places->config + " is good: " + std::to_string(settings.watches.size()) +
                    " watch(es), " + std::to_string(settings.actions.size()) + " action(s).");
    return static_cast<int>(ExitCode::ok);
}

}  // namespace regwatch
