#include "service/commands.h"

#include "service/console.h"
#include "service/exit_code.h"
#include "service/install.h"
#include "service/scm_host.h"
#include "service/state_commands.h"
#include "settings/schema.h"

namespace regwatch {
namespace {

int print(const std::string& text) {
    Console(Console::Stream::output).write_line(text);
    return static_cast<int>(ExitCode::ok);
}

// As it is, in which case it ends its own last line.
int print_schema() {
    std::string text = settings_schema();
    while (text.ends_with('\n')) text.pop_back();
    return print(text);
}

struct Dispatch {
    const CommonOptions& common;

    int operator()(const ServiceOrHelp& command) const {
        const auto served = run_as_service();
        if (!served) return complain(served.error().text(), ExitCode::failure);
        return *served == Served::yes ? static_cast<int>(ExitCode::ok) : print(command.help);
    }
    int operator()(const RunCommand&) const { return run_in_console(common); }
    int operator()(const WatchCommand& command) const { return watch_in_console(command); }
    int operator()(const CheckCommand& command) const { return check_config(common, command); }
    int operator()(const ExplainCommand& command) const { return explain(common, command); }
    int operator()(const StatusCommand& command) const { return status(common, command); }
    int operator()(const ReloadCommand& command) const { return reload(common, command); }
    int operator()(const MuteCommand& command) const { return mute(common, command); }
    int operator()(const StartCommand&) const { return start(common); }
    int operator()(const StopCommand&) const { return stop(common); }
    int operator()(const DoctorCommand& command) const { return doctor(common, command); }
    int operator()(const SchemaCommand&) const { return print_schema(); }
    int operator()(const HistoryCommand& command) const { return history(common, command); }
    int operator()(const UndoCommand& command) const { return undo(common, command); }
    int operator()(const ExportCommand& command) const { return export_changes(common, command); }
    int operator()(const BaselineCommand& command) const { return baseline(common, command); }
    int operator()(const TestActionCommand& command) const {
        return test_action_in_console(common, command);
    }
    int operator()(const InstallCommand&) const { return install(common); }
    int operator()(const UninstallCommand&) const { return uninstall(common); }
    int operator()(const VersionCommand&) const { return print("regwatch " REGWATCH_VERSION); }
    int operator()(const HelpCommand& command) const { return print(command.text); }
    int operator()(const UsageError& error) const { return complain(error.text, ExitCode::usage); }
};

}  // namespace

int execute(const CommandLine& line) { return std::visit(Dispatch{line.common}, line.command); }

}  // namespace regwatch
