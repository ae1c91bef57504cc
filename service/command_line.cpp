#include "service/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "service/history_text.h"
#include "settings/values.h"

namespace regwatch {
namespace {

constexpr const char* kAbout =
    "RegWatch reports registry changes the moment they happen, with the old and the new data.\n"
    "Without a command it is the service, when Windows starts it as one.";

constexpr const char* kExamples =
    "Examples:\n"
    "  regwatch watch \"HKCU\\Environment\"        print changes until Ctrl-C, nothing to set up\n"
    "  regwatch check                           is the configuration good?\n"
    "  regwatch install                         from an elevated prompt, then: sc.exe start "
    "RegWatch\n"
    "\n'regwatch COMMAND --help' says more about a command.";

constexpr const char* kCommonOptions =
    "And those of every command: --config FILE, --data-dir DIR, --name NAME\n";

struct Commands {
    CLI::App* run = nullptr;
    CLI::App* watch = nullptr;
    CLI::App* check = nullptr;
    CLI::App* explain = nullptr;
    CLI::App* status = nullptr;
    CLI::App* reload = nullptr;
    CLI::App* mute = nullptr;
    CLI::App* start = nullptr;
    CLI::App* stop = nullptr;
    CLI::App* doctor = nullptr;
    CLI::App* schema = nullptr;
    CLI::App* history = nullptr;
    CLI::App* undo = nullptr;
    CLI::App* export_changes = nullptr;
    CLI::App* baseline = nullptr;
    CLI::App* test_action = nullptr;
    CLI::App* install = nullptr;
    CLI::App* uninstall = nullptr;
    CLI::App* version = nullptr;
    CLI::App* help = nullptr;
};

struct Parsed {
    CommonOptions common;
    WatchCommand watch;
    HistoryCommand history;
    UndoCommand undo;
    ExportCommand export_changes;
    BaselineCommand baseline;
    std::string verb;
    bool reg = false;
    CheckCommand check;
    ExplainCommand explain;
    StatusCommand status;
    ReloadCommand reload;
    MuteCommand mute;
    DoctorCommand doctor;
    TestActionCommand test_action;
    std::string view = "64";
    std::string help_for;
};

CLI::App* add(CLI::App& app, const char* name, const char* about, const char* example) {
    CLI::App* command = app.add_subcommand(name, about);
    command->footer(std::string(kCommonOptions) + "\nExample:\n  " + example);
    // Options of all commands may stand behind the command's name too.
    command->fallthrough();
    return command;
}

CLI::Validator not_empty() {
    return CLI::Validator(
        [](std::string& text) { return text.empty() ? std::string("must not be empty") : ""; }, "");
}

// A service's name becomes part of two registry paths and of a command line.
CLI::Validator service_name() {
    return CLI::Validator(
        [](std::string& text) {
            const bool good = !text.empty() && text.size() <= 80 &&
                              text.find_first_of("\\/\"") == std::string::npos &&
                              std::none_of(text.begin(), text.end(), [](char c) {
                                  return static_cast<unsigned char>(c) < 0x20;
                              });
            return good ? std::string()
                        : std::string("1 to 80 characters, none of them a slash or a quote");
        },
        "");
}

void add_common(CLI::App& app, CommonOptions& common) {
    app.add_option("--config", common.config,
                   "The configuration; default: %ProgramData%\\RegWatch\\regwatch.json")
        ->type_name("FILE")
        ->check(not_empty());
    app.add_option("--data-dir", common.data_directory,
                   "Where logs and state are kept; default: %ProgramData%\\RegWatch")
        ->type_name("DIR")
        ->check(not_empty());
    app.add_option("--name", common.service_name, "The service's name; default: RegWatch")
        ->type_name("NAME")
        ->check(service_name());
}

void add_view_option(CLI::App& command, Parsed& parsed) {
    command.add_option("--view", parsed.view, "The 64-bit or the 32-bit registry; default: 64")
        ->type_name("64|32")
        ->check(CLI::IsMember({"64", "32"}).description(""));
}

void add_explain_options(CLI::App& explain, Parsed& parsed) {
    explain
        .add_option("KEY", parsed.explain.key,
                    "A registry key in any usual spelling; HKCU is yours")
        ->required()
        ->check(not_empty())
        ->type_name("");
    explain.add_option("VALUE", parsed.explain.value, "A value of it; \"\" is the default value")
        ->type_name("");
    add_view_option(explain, parsed);
}

void add_watch_options(CLI::App& watch, Parsed& parsed) {
    watch
        .add_option("KEY", parsed.watch.keys, "Registry keys in any usual spelling; HKCU is yours")
        ->required()
        ->check(not_empty())
        ->type_name("");
    watch.add_flag("-r,--recursive", parsed.watch.recursive, "Everything below the keys as well");
    watch.add_flag("--json", parsed.watch.json, "One JSON object per line instead of text");
    add_view_option(watch, parsed);
}

void add_mute(CLI::App& app, Commands& commands, Parsed& parsed) {
    commands.mute = add(app, "mute", "Let the running service deliver no changes for a while",
                        "regwatch mute machine-run --for 2h   (elevated)");
    commands.mute->add_option("WATCH", parsed.mute.watch, "The watch; default: every watch")
        ->check(not_empty())
        ->type_name("");
    commands.mute
        ->add_option("--for", parsed.mute.duration, "How long: 30m, 2h; from now on, up to 720h")
        ->check([](const std::string& text) -> std::string {
            const auto milliseconds = parse_duration(text);
            constexpr std::uint64_t kMost = 720ULL * 60 * 60 * 1000;
            const bool is_good = milliseconds && *milliseconds > 0 && *milliseconds <= kMost;
            return is_good ? "" : "\"" + text + "\" is no time such as 30m or 2h";
        })
        ->type_name("TIME");
    commands.mute->add_flag("--off", parsed.mute.off, "Not any more");
}

void add_history(CLI::App& app, Commands& commands, Parsed& parsed) {
    HistoryCommand& wanted = parsed.history;
    CLI::App& history = *(commands.history = add(
                              app, "history", "Print the changes that were found, the oldest first",
                              "regwatch history --since 2h --key \\Run --kind value_set"));
    history
        .add_option("--since", wanted.since,
                    "From then on: 2026-11-02T10:15 (UTC), or an age such as 30m, 2h or 7d")
        ->type_name("TIME");
    history.add_option("--until", wanted.until, "Before then")->type_name("TIME");
    history.add_option("--watch", wanted.watch, "Only of this watch")->type_name("WATCH");
    history.add_option("--key", wanted.key, "Only of keys with this in their path")
        ->type_name("TEXT");
    history.add_option("--kind", wanted.kind, "Only of this kind")
        ->type_name("KIND")
        ->check(CLI::IsMember(kind_names()).description(""));
    history.add_option("--limit", wanted.limit, "The newest so many; 0: all; default: 100")
        ->type_name("NUMBER");
    history.add_flag("--json", wanted.json, "One JSON object per line instead of text");
    history.add_flag("--csv", wanted.csv, "Comma-separated values, with a head");
}

void add_undo_and_export(CLI::App& app, Commands& commands, Parsed& parsed) {
    CLI::App& undo =
        *(commands.undo =
              add(app, "undo", "Show what would take a change back, and with --apply do it",
                  "regwatch undo 17 --apply"));
    undo.add_option("ID", parsed.undo.id, "The id or the number of a change, as history has it")
        ->required()
        ->type_name("");
    undo.add_flag("--apply", parsed.undo.apply,
                  "Write it, if what the change left is still what is there");
    CLI::App& files = *(commands.export_changes = add(
                            app, "export", "Write what takes changes back as a file for reg.exe",
                            "regwatch export --reg 17 18 --out undo.reg"));
    files.add_option("ID", parsed.export_changes.ids, "Ids or numbers of changes")
        ->required()
        ->type_name("");
    files.add_flag("--reg", parsed.reg, "As a .reg file, which is the only kind there is");
    files.add_flag("--forward", parsed.export_changes.forward,
                   "What makes the changes again, instead of taking them back");
    files.add_option("--out", parsed.export_changes.file, "The file; default: standard output")
        ->type_name("FILE");
}

void add_baseline(CLI::App& app, Commands& commands, Parsed& parsed) {
    CLI::App& baseline =
        *(commands.baseline =
              add(app, "baseline", "What the next start compares with: show, diff or accept",
                  "regwatch baseline diff --watch services"));
    baseline
        .add_option("VERB", parsed.verb,
                    "show what is kept; diff it with the registry; accept the registry as it is")
        ->required()
        ->type_name("")
        ->check(CLI::IsMember({"show", "accept", "diff"}).description(""));
    baseline.add_option("--watch", parsed.baseline.watch, "Only of this watch")->type_name("WATCH");
}

std::vector<std::string> names_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    return names;
}

Commands add_commands(CLI::App& app, Parsed& parsed) {
    Commands commands;
    commands.run = add(app, "run", "Do what the service does, in this console, until Ctrl-C",
                       "regwatch run --config C:\\test\\regwatch.json --data-dir C:\\test");
    commands.watch =
        add(app, "watch", "Print the changes of keys as they happen, until Ctrl-C",
            "regwatch watch \"HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\"");
    add_watch_options(*commands.watch, parsed);
    commands.check =
        add(app, "check", "Say whether the configuration is good, and all that is wrong",
            "regwatch check --config regwatch.json");
    commands.check->add_flag("--json", parsed.check.json, "One JSON object instead of text");
    commands.check->add_flag("--file-only", parsed.check.file_only,
                             "Not what this machine has of the keys and folders that it names");
    commands.explain = add(
        app, "explain", "Say which watches and actions a change would reach, and why not others",
        "regwatch explain \"HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\" Updater");
    add_explain_options(*commands.explain, parsed);
    commands.status =
        add(app, "status", "Ask the running service how it is doing", "regwatch status --json");
    commands.status->add_flag("--json", parsed.status.json, "One JSON object instead of text");
    commands.reload = add(app, "reload", "Make the running service read its configuration again",
                          "regwatch reload --wait   (elevated)");
    commands.reload->add_flag("--wait", parsed.reload.wait,
                              "Until it is done, and say what came of it");
    add_mute(app, commands, parsed);
    commands.start = add(app, "start", "Start the service and wait until it is running",
                         "regwatch start   (elevated)");
    commands.stop = add(app, "stop", "Stop the service and wait until it has stopped",
                        "regwatch stop   (elevated)");
    commands.doctor = add(app, "doctor", "Check the installation, and say how to repair it",
                          "regwatch doctor   (elevated)");
    commands.doctor->add_flag("--json", parsed.doctor.json, "One JSON object instead of text");
    commands.doctor->add_flag(
        "--self-test", parsed.doctor.self_test,
        "Change a key of RegWatch's own as well, and see whether the service finds it");
    commands.doctor->add_flag(
        "--repair", parsed.doctor.repair,
        "Register the event source again first, if it is missing or broken; needs elevation");
    commands.schema = add(app, "schema", "Print the JSON Schema of a configuration, for editors",
                          "regwatch schema > schema.json");
    add_history(app, commands, parsed);
    add_undo_and_export(app, commands, parsed);
    add_baseline(app, commands, parsed);
    commands.test_action = add(app, "test-action", "Send a made-up change through one action",
                               "regwatch test-action eventlog");
    commands.test_action
        ->add_option("ACTION", parsed.test_action.action,
                     "The name of an action of the configuration")
        ->required()
        ->check(not_empty())
        ->type_name("");
    commands.install =
        add(app, "install", "Create the service, or bring an existing one up to date",
            "regwatch install   (elevated; then: sc.exe start RegWatch)");
    commands.uninstall = add(app, "uninstall", "Stop and delete the service; keep config and logs",
                             "regwatch uninstall   (elevated)");
    commands.version = add(app, "version", "Print the version", "regwatch version");
    commands.help =
        add(app, "help", "Print this help, or that of a command", "regwatch help watch");
    commands.help->add_option("COMMAND", parsed.help_for, "A command's name")
        ->type_name("")
        ->check(CLI::IsMember(names_of(app)).description(""));
    return commands;
}

void prepare(CLI::App& app) {
    app.name("regwatch");
    app.set_help_flag("-h,--help", "Print this help");
    app.footer(kExamples);
    app.require_subcommand(0, 1);
    // Its default differs between systems, and a slash begins a value here, never an option.
    app.allow_windows_style_options(false);
    app.set_version_flag("--version", "", "Print the version");
}

std::string without_trailing_newlines(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

std::string help_of(const CLI::App& app, const std::string& command) {
    // Not App::help: it answers for the command that was parsed, whichever it is asked for.
    const CLI::App* subject = command.empty() ? &app : app.get_subcommand(command);
    const std::string name = command.empty() ? "regwatch" : "regwatch " + command;
    return without_trailing_newlines(
        app.get_formatter()->make_help(subject, name, CLI::AppFormatMode::Normal));
}

UsageError usage_error(const std::string& what) {
    return UsageError{what + "\nSee: regwatch --help"};
}

Command chosen(const CLI::App& app, const Commands& commands, Parsed& parsed) {
    if (commands.run->parsed()) return RunCommand{};
    if (commands.check->parsed()) return parsed.check;
    if (commands.status->parsed()) return parsed.status;
    if (commands.reload->parsed()) return parsed.reload;
    if (commands.mute->parsed()) {
        if (parsed.mute.duration.empty() != parsed.mute.off)
            return usage_error("mute needs --for TIME or --off");
        return std::move(parsed.mute);
    }
    if (commands.start->parsed()) return StartCommand{};
    if (commands.stop->parsed()) return StopCommand{};
    if (commands.schema->parsed()) return SchemaCommand{};
    if (commands.history->parsed()) return std::move(parsed.history);
    if (commands.undo->parsed()) return std::move(parsed.undo);
    if (commands.export_changes->parsed()) return std::move(parsed.export_changes);
    if (commands.baseline->parsed()) {
        using Verb = BaselineCommand::Verb;
        parsed.baseline.verb = parsed.verb == "accept" ? Verb::accept
                               : parsed.verb == "diff" ? Verb::diff
                                                       : Verb::show;
        return std::move(parsed.baseline);
    }
    if (commands.doctor->parsed()) return parsed.doctor;
    if (commands.explain->parsed()) {
        parsed.explain.about_value = commands.explain->count("VALUE") != 0;
        parsed.explain.view = parsed.view == "32" ? View::bits32 : View::bits64;
        return std::move(parsed.explain);
    }
    if (commands.test_action->parsed()) return std::move(parsed.test_action);
    if (commands.install->parsed()) return InstallCommand{};
    if (commands.uninstall->parsed()) return UninstallCommand{};
    if (commands.version->parsed()) return VersionCommand{};
    if (commands.help->parsed()) return HelpCommand{help_of(app, parsed.help_for)};
    if (commands.watch->parsed()) {
        parsed.watch.view = parsed.view == "32" ? View::bits32 : View::bits64;
        return std::move(parsed.watch);
    }
    return ServiceOrHelp{help_of(app, "")};
}

Command parse_into(CLI::App& app, std::span<const std::string> arguments, const Commands& commands,
                   Parsed& parsed) {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
        app.parse(std::move(reversed));
        return chosen(app, commands, parsed);
    } catch (const CLI::CallForHelp&) {
        const auto used = app.get_subcommands();
        return HelpCommand{help_of(app, used.empty() ? "" : used.front()->get_name())};
    } catch (const CLI::CallForVersion&) {
        return VersionCommand{};
    } catch (const CLI::Error& error) {
        return usage_error(error.what());
    }
}

}  // namespace

CommandLine parse_command_line(std::span<const std::string> arguments) {
    Parsed parsed;
    CLI::App app(kAbout);
    prepare(app);
    add_common(app, parsed.common);
    const Commands commands = add_commands(app, parsed);
    Command command = parse_into(app, arguments, commands, parsed);
    return {std::move(parsed.common), std::move(command)};
}

}  // namespace regwatch
