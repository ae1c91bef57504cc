#include <string>
#include <vector>

#include "service/check_report.h"
#include "service/commands.h"
#include "service/config_file.h"
#include "service/console.h"
#include "service/exit_code.h"
#include "service/pattern_notes.h"
#include "service/places.h"
#include "service/progress.h"
#include "service/service_control.h"
#include "win32/append_file.h"
#include "win32/clock.h"
#include "win32/registry.h"

namespace regwatch {
namespace {

int tell(const LoadOutcome& loaded, const std::string& file, const std::vector<Problem>& notes) {
    if (!loaded.settings) {
        const Console error(Console::Stream::error);
        for (const Problem& problem : loaded.problems) error.write_line(problem.text());
        error.write_line(std::to_string(loaded.problem_count) + " problem(s)");
        return static_cast<int>(ExitCode::config_invalid);
    }
    const Settings& settings = *loaded.settings;
    const Console output(Console::Stream::output);
    for (Problem note : notes) {
        note.message.insert(0, "note: ");
        output.write_line(note.text());
    }
    output.write_line(file + " is good: " + std::to_string(settings.watches.size()) +
                      " watch(es), " + std::to_string(settings.actions.size()) + " action(s).");
    return static_cast<int>(ExitCode::ok);
}

// None where the registry cannot be read: they are no part of the verdict.
std::vector<Problem> notes_on(const LoadOutcome& loaded, const CheckCommand& command) {
    if (command.file_only || !loaded.settings) return {};
    const auto registry = win32::SystemRegistry::create();
    return registry ? pattern_notes(loaded, **registry) : std::vector<Problem>();
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
    if (!command.file_only) judge_on_this_machine(*loaded, files);
    const std::vector<Problem> notes = notes_on(*loaded, command);
    if (!command.json) return tell(*loaded, places->config, notes);
    output.write(check_json(*loaded, places->config, notes));
    return static_cast<int>(loaded->settings ? ExitCode::ok : ExitCode::config_invalid);
}

}  // namespace regwatch
