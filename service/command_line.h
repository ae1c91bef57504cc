// The command line as a value: one type per command, with all that the command needs.
//
// Pure; any thread; never throws. Arguments are UTF-8, without the program's name. The library that
// parses them stays inside command_line.cpp.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "registry/key_path.h"

namespace regwatch {

// Accepted by every command, before or after its name. Empty: the default place.
struct CommonOptions {
    std::string config;
    std::string data_directory;
    std::string service_name = "RegWatch";

    friend bool operator==(const CommonOptions&, const CommonOptions&) = default;
};

// No command: the service when the service manager started us, the help when a person did.
struct ServiceOrHelp {
    std::string help;
};
struct RunCommand {};
struct WatchCommand {
    std::vector<std::string> keys;
    bool recursive = false;
    bool json = false;
    View view = View::bits64;
};
struct CheckCommand {
    bool json = false;
    bool file_only = false;  // and not the keys of this machine
};
struct ExplainCommand {
    std::string key;
    std::string value;
    bool about_value = false;  // the default value has an empty name
    View view = View::bits64;
};
struct StatusCommand {
    bool json = false;
};
struct ReloadCommand {
    bool wait = false;
};
struct MuteCommand {
    std::string watch;  // empty: every watch
    std::string duration;
    bool off = false;
};
struct StartCommand {};
struct StopCommand {};
struct DoctorCommand {
    bool json = false;
    bool self_test = false;
    bool repair = false;
};
struct SchemaCommand {};
struct HistoryCommand {
    std::string since;
    std::string until;
    std::string watch;
    std::string key;
    std::string kind;
    std::size_t limit = 100;
    bool json = false;
    bool csv = false;
};
struct UndoCommand {
    std::string id;
    bool apply = false;
};
struct ExportCommand {
    std::vector<std::string> ids;
    std::string file;
    bool forward = false;
};
struct BaselineCommand {
    enum class Verb { show, accept, diff };
    Verb verb = Verb::show;
    std::string watch;
};
struct TestActionCommand {
    std::string action;
};
struct InstallCommand {};
struct UninstallCommand {};
struct VersionCommand {};
struct HelpCommand {
    std::string text;
};
struct UsageError {
    std::string text;  // what was wrong, and where the help is
};

using Command = std::variant<ServiceOrHelp, RunCommand, WatchCommand, CheckCommand, ExplainCommand,
                             StatusCommand, ReloadCommand, MuteCommand, StartCommand, StopCommand,
                             DoctorCommand, SchemaCommand, TestActionCommand, HistoryCommand,
                             UndoCommand, ExportCommand, BaselineCommand, InstallCommand,
                             UninstallCommand, VersionCommand, HelpCommand, UsageError>;

struct CommandLine {
    CommonOptions common;
    Command command;
};

[[nodiscard]] CommandLine parse_command_line(std::span<const std::string> arguments);

}  // namespace regwatch
