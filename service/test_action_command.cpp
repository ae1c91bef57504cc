#include "action/action.h"
#include "service/commands.h"
#include "service/config_file.h"
#include "service/console.h"
#include "service/console_journal.h"
#include "service/exit_code.h"
#include "service/notice_text.h"
#include "service/places.h"
#include "service/service_control.h"
#include "service/test_action.h"
#include "service/windows_platform.h"

namespace regwatch {

int test_action_in_console(const CommonOptions& options, const TestActionCommand& command) {
    const Console error(Console::Stream::error);
    const auto failed = [&error](const Error& what, ExitCode code) {
        error.write_line("regwatch: " + what.text());
        return static_cast<int>(code);
    };
    const auto places = find_places(options_of_service(options));
    if (!places) return failed(places.error(), ExitCode::failure);
    const auto loaded = load_config(places->config);
    if (!loaded) return failed(loaded.error(), ExitCode::config_unreadable);
    if (!loaded->settings) {
        for (const Problem& problem : loaded->problems) error.write_line(problem.text());
        return static_cast<int>(ExitCode::config_invalid);
    }
    auto platform = WindowsPlatform::create([&](FileSystem&, EventLog&, const Clock&) {
        return std::make_unique<ConsoleJournal>(
            [&error](std::string_view line) { error.write_line(std::string(line)); },
            error.colour());
    });
    if (!platform) return failed(platform.error(), ExitCode::failure);
    const ActionContext context{places->data_directory, host_name(), nullptr};
    const Platform& system = (*platform)->ports();
    RememberingRunner programs(system.processes, system.clock);
    Platform ports{system.registry,
                   system.persistent_thread,
                   system.look_executor,
                   system.action_executor,
                   system.clock,
                   system.files,
                   programs,
                   system.event_log,
                   system.journal,
                   system.registry_writer,
                   system.program_files,
                   system.accounts};
    const auto make = [&](const ActionSettings& settings) {
        return make_bare_action(settings, context, ports);
    };
    const auto tried = test_action(*loaded->settings, command.action, make, ports.clock.wall_now());
    if (!tried) return failed(tried.error(), ExitCode::failure);
    const Console output(Console::Stream::output);
    if (const auto& run = programs.last()) {
        for (const std::string& line : run_report(*run)) output.write_line(line);
    }
    if (const auto& failure = *tried) {
        error.write_line(text_of({failure->id, {command.action, "the test", failure->reason}}));
        return static_cast<int>(ExitCode::failure);
    }
    output.write_line("Action " + command.action + " took the test change.");
    return static_cast<int>(ExitCode::ok);
}

}  // namespace regwatch
