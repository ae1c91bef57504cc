#include "service/command_line.h"

#include <catch2/catch_test_macros.hpp>
#include <initializer_list>
#include <string>
#include <vector>

using namespace regwatch;

namespace {

CommandLine parse(std::initializer_list<std::string> arguments) {
    return parse_command_line(std::vector<std::string>(arguments));
}

template <class T>
T expect(std::initializer_list<std::string> arguments) {
    const CommandLine line = parse(arguments);
    if (const auto* error = std::get_if<UsageError>(&line.command)) INFO(error->text);
    REQUIRE(std::holds_alternative<T>(line.command));
    return std::get<T>(line.command);
}

}  // namespace

TEST_CASE("without arguments it is the service, or the help for a person") {
    const auto command = expect<ServiceOrHelp>({});
    CHECK(command.help.find("regwatch install") != std::string::npos);
    CHECK(parse({}).common == CommonOptions{});
}

TEST_CASE("the command line of an installed service has options and no command") {
    const CommandLine line =
        parse({"--config", "C:\\a b\\r.json", "--data-dir", "C:\\d", "--name", "Second"});
    CHECK(std::holds_alternative<ServiceOrHelp>(line.command));
    CHECK(line.common == CommonOptions{"C:\\a b\\r.json", "C:\\d", "Second"});
}

TEST_CASE("the options of all commands stand before or behind the command") {
    const CommandLine before = parse({"--config", "c", "run"});
    const CommandLine behind = parse({"run", "--config", "c"});
    CHECK(std::holds_alternative<RunCommand>(before.command));
    CHECK(std::holds_alternative<RunCommand>(behind.command));
    CHECK(before.common == behind.common);
    CHECK(before.common.config == "c");
    for (const char* command : {"run", "check", "status", "reload", "start", "stop", "doctor",
                                "install", "uninstall", "version"})
        CHECK(parse({command, "--name", "N", "--data-dir=d"}).common.service_name == "N");
}

TEST_CASE("every command has its own type") {
    expect<RunCommand>({"run"});
    CHECK_FALSE(expect<CheckCommand>({"check"}).json);
    CHECK(expect<CheckCommand>({"check", "--json"}).json);
    CHECK_FALSE(expect<CheckCommand>({"check"}).file_only);
    CHECK(expect<CheckCommand>({"check", "--file-only"}).file_only);
    CHECK_FALSE(expect<StatusCommand>({"status"}).json);
    CHECK(expect<StatusCommand>({"status", "--json"}).json);
    const auto mute = expect<MuteCommand>({"mute", "run", "--for", "2h"});
    CHECK(mute.watch == "run");
    CHECK(mute.duration == "2h");
    CHECK(expect<MuteCommand>({"mute", "--off"}).off);
    for (const char* wrong : {"", "2", "0s", "2 weeks", "721h"})
        (void)expect<UsageError>({"mute", "run", "--for", wrong});
    (void)expect<UsageError>({"mute", "run"});
    (void)expect<UsageError>({"mute", "--for", "1h", "--off"});
    CHECK_FALSE(expect<ReloadCommand>({"reload"}).wait);
    CHECK(expect<ReloadCommand>({"reload", "--wait"}).wait);
    CHECK(expect<DoctorCommand>({"doctor", "--json"}).json);
    CHECK_FALSE(expect<DoctorCommand>({"doctor"}).repair);
    CHECK(expect<DoctorCommand>({"doctor", "--repair"}).repair);
    expect<StartCommand>({"start"});
    expect<StopCommand>({"stop"});
    expect<SchemaCommand>({"schema"});
    expect<InstallCommand>({"install"});
    expect<UninstallCommand>({"uninstall"});
    expect<SchemaCommand>({"schema"});
    expect<VersionCommand>({"version"});
    expect<VersionCommand>({"--version"});
}

TEST_CASE("watch takes any number of keys, with its options anywhere between them") {
    const auto command = expect<WatchCommand>(
        {"watch", "HKCU\\Environment", "--json", "HKLM\\SOFTWARE\\a b", "-r", "--view", "32"});
    CHECK(command.keys == std::vector<std::string>{"HKCU\\Environment", "HKLM\\SOFTWARE\\a b"});
    CHECK(command.json);
    CHECK(command.recursive);
    CHECK(command.view == View::bits32);
}

TEST_CASE("watch looks at the 64-bit registry, at the keys alone, in text, unless told otherwise") {
    const auto command = expect<WatchCommand>({"watch", "HKCU\\Environment"});
    CHECK_FALSE(command.recursive);
    CHECK_FALSE(command.json);
    CHECK(command.view == View::bits64);
}

TEST_CASE("explain takes a key and perhaps a value, whose name may be empty") {
    const auto key = expect<ExplainCommand>({"explain", "HKLM\\A b"});
    CHECK(key.key == "HKLM\\A b");
    CHECK_FALSE(key.about_value);
    const auto value = expect<ExplainCommand>({"explain", "HKLM\\A", "V", "--view", "32"});
    CHECK(value.about_value);
    CHECK(value.value == "V");
    CHECK(value.view == View::bits32);
    const auto unnamed = expect<ExplainCommand>({"explain", "HKLM\\A", ""});
    CHECK(unnamed.about_value);
    CHECK(unnamed.value.empty());
    expect<UsageError>({"explain"});
    expect<UsageError>({"explain", "HKLM\\A", "V", "W"});
}

TEST_CASE("a key that begins with a slash or has other letters arrives as it was written") {
    const auto command = expect<WatchCommand>({"watch", "/x", "HKCU\\Schl\xC3\xBCssel", "a,b;c"});
    CHECK(command.keys == std::vector<std::string>{"/x", "HKCU\\Schl\xC3\xBCssel", "a,b;c"});
}

TEST_CASE("what cannot be understood is a usage error that says what it was") {
    CHECK(expect<UsageError>({"wach"}).text.find("wach") != std::string::npos);
    CHECK(expect<UsageError>({"run", "--confg", "x"}).text.find("--confg") != std::string::npos);
    CHECK(expect<UsageError>({"watch"}).text.find("KEY") != std::string::npos);
    CHECK(expect<UsageError>({"watch", "HKCU", "--view", "16"}).text.find("16") !=
          std::string::npos);
    CHECK(expect<UsageError>({"help", "wach"}).text.find("wach") != std::string::npos);
    expect<UsageError>({"run", "--config"});
    expect<UsageError>({"run", "--config", ""});
    expect<UsageError>({"run", "check"});
}

TEST_CASE("a service name that would break a registry path or a command line is refused") {
    for (const char* name : {"", "a\\b", "a/b", "a\"b", "a\nb"})
        expect<UsageError>({"install", "--name", name});
    expect<UsageError>({"install", "--name", std::string(81, 'n')});
    expect<InstallCommand>({"install", "--name", "Reg Watch 2"});
}

TEST_CASE("each command's help has an example, by either way of asking") {
    for (const char* command :
         {"run",      "watch",       "check",   "explain",   "status",  "reload", "mute",
          "start",    "stop",        "doctor",  "schema",    "history", "undo",   "export",
          "baseline", "test-action", "install", "uninstall", "version", "help"}) {
        const auto asked = expect<HelpCommand>({"help", command});
        CHECK(asked.text.find(std::string("Example:\n  regwatch ") + command) != std::string::npos);
        CHECK(asked.text == expect<HelpCommand>({command, "--help"}).text);
    }
    CHECK(expect<HelpCommand>({"help"}).text == expect<HelpCommand>({"--help"}).text);
    CHECK(expect<HelpCommand>({"help"}).text == expect<ServiceOrHelp>({}).help);
}
