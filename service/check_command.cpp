#include "service/check_report.h"
#include "service/commands.h"
#include "service/config_file.h"
#include "service/console.h"
#include "service/exit_code.h"
#include "service/places.h"
#include "service/progress.h"
#include "service/service_control.h"
#include "win32/append_file.h"
#include "win32/clock.h"

namespace regwatch {
namespace {

int tell(const LoadOutcome& loaded, const std::string& file) {
    if (!loaded.settings) {
        const Console error(Console::Stream::error);
        for (const Problem& problem : loaded.problems) error.write_line(problem.text());
        error.write_line(std::to_string(loaded.problem_count) + " problem(s)");
        return static_cast<int>(ExitCode::config_invalid);
    }
    const Settings& settings = *loaded.settings;
    Console(Console::Stream::output)
        .write_line(file + " is good: " + std::to_string(settings.watches.size()) + " watch(es), " +
                    std::to_string(settings.actions.size()) + " action(s).");
    return static_cast<int>(ExitCode::ok);
}

}  // namespace

int check_config(const CommonOptions& options, const CheckCommand& command) {
    const Console error(Console::Stream::error);
    const Console output(Console::Stream::output);
    const auto places = find_places(options_of_service(options));
    if (!places) {
        error.write_line("regwatch: " + places.error().text());
        return static_cast<int>(ExitCode::failure);
    }
    const win32::SystemClock clock;
    Progress progress("reading files", clock, progress_line());
    auto loaded =
        load_config(places->config, [&progress](std::size_t files) { progress.step(files); });
    progress.done();
    if (!loaded) {
        error.write_line("regwatch: " + loaded.error().text());
        if (command.json) output.write(check_json(loaded.error(), places->config));
        return static_cast<int>(ExitCode::config_unreadable);
    }
    win32::SystemFiles files;
    judge_on_this_machine(*loaded, files);
    if (!command.json) return tell(*loaded, places->config);
    output.write(check_json(*loaded, places->config));
    return static_cast<int>(loaded->settings ? ExitCode::ok : ExitCode::config_invalid);
}

}  // namespace regwatch
