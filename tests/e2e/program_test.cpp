// The action that runs a program, with programs that work and programs that do not.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "change/event_id.h"
#include "e2e/command.h"
#include "e2e/config.h"
#include "e2e/event_log.h"
#include "e2e/files.h"
#include "e2e/processes.h"
#include "e2e/records.h"
#include "e2e/scratch_key.h"
#include "e2e/service.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

constexpr const wchar_t* kChild = L"regwatch-echo-child.exe";

json child(const std::vector<std::string>& arguments) {
    return {{"type", "program"},
            {"file", win32::to_utf8(program_folder() + L"\\" + kChild)},
            {"arguments", arguments}};
}

void change(const ScratchKey& key, const char* value, int number) { key.set("", value, number); }

TEST_CASE("a program gets the record on its input and what it needs in its environment",
          "[program]") {
    const ScratchKey key;
    const TemporaryFolder folder;
    const std::wstring saved = folder.path() + L"\\saved";
    write_config(config_for({key.path()}, {{"log", {{"type", "log"}}},
                                           {"save", child({"save", win32::to_utf8(saved)})}}));
    Service service;
    service.start();
    change(key, "New %PATH% & \"name\"", 7);
    REQUIRE(eventually([&] { return read_file(saved).ends_with("end\n"); }));

    std::istringstream lines(read_file(saved));
    std::string line;
    std::getline(lines, line);
    const json record = json::parse(line);
    CHECK(record["registry"]["value"] == "New %PATH% & \"name\"");
    CHECK(record["regwatch"]["data"]["number"] == 7);
    REQUIRE(eventually([] { return logged_changes().size() == 1; }));
    CHECK(record == logged_changes().front());

    std::vector<std::string> variables;
    while (std::getline(lines, line) && line != "end") variables.push_back(line);
    CHECK(variables ==
          std::vector<std::string>{"REGWATCH_DETECTION=notify",
                                   "REGWATCH_ID=" + record["event"]["id"].get<std::string>(),
                                   "REGWATCH_SEQUENCE=1", "REGWATCH_SEVERITY=medium",
                                   "REGWATCH_WATCH=test"});
}

// What somebody may call a value to get something run, or to deceive who reads it.
std::vector<std::string> hostile_names() {
    return {"& calc",
            "%0 %COMSPEC% %1!s!",
            "\";calc;\"",
            "$(calc) `calc` '; calc #",
            "line\r\nREGWATCH_ID=forged",
            "\xE2\x80\xAEgpj.exe",  // right to left from here
            "^|<>()",
            std::string(16'000, 'n')};
}

// The value names of the records that a script has saved, in order.
std::vector<std::string> saved_names(const std::wstring& file) {
    std::vector<std::string> names;
    std::istringstream lines(read_file(file));
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with('{')) continue;
        names.push_back(json::parse(line)["registry"]["value"].get<std::string>());
    }
    return names;
}

// Wine has no PowerShell: a program of ours stands in for it, in this prefix.
void put_stand_in_for_power_shell() {
    if (GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") == nullptr) return;
    wchar_t system[MAX_PATH] = {};
    REQUIRE(GetSystemDirectoryW(system, MAX_PATH) != 0);
    std::wstring folder = std::wstring(system) + L"\\WindowsPowerShell";
    CreateDirectoryW(folder.c_str(), nullptr);
    folder += L"\\v1.0";
    CreateDirectoryW(folder.c_str(), nullptr);
    REQUIRE(CopyFileW((program_folder() + L"\\" + kChild).c_str(),
                      (folder + L"\\powershell.exe").c_str(), FALSE));
}

TEST_CASE("names made to deceive reach an .exe, a .cmd and a .ps1 as data and as nothing else",
          "[program]") {
    const ScratchKey key;
    const TemporaryFolder folder;
    const auto in_folder = [&](const wchar_t* name) { return folder.path() + L"\\" + name; };
    const std::string echo = win32::to_utf8(program_folder() + L"\\" + kChild);
    put_stand_in_for_power_shell();
    write_file(in_folder(L"s.cmd"),
               "@\"" + echo + "\" save \"" + win32::to_utf8(in_folder(L"s.cmd.saved")) + "\"\r\n");
    write_file(in_folder(L"s.ps1"),
               "[IO.File]::AppendAllText($PSCommandPath + '.saved', "
               "(New-Object IO.StreamReader([Console]::OpenStandardInput())).ReadToEnd())\r\n");
    json actions = {{"exe", child({"save", win32::to_utf8(in_folder(L"s.exe.saved"))})}};
    for (const char* script : {"cmd", "ps1"}) {
        const std::wstring file = in_folder(L"s.") + win32::to_wide(script);
        actions[script] = {{"type", "program"}, {"file", win32::to_utf8(file)}};
    }
    // Its folder belongs to whoever runs the test.
    for (auto& action : actions) {
        action["unsafe_files"] = "warn";
        action["execution_policy"] = "Bypass";
    }
    // Each in a key of its own: a key that is written while the program of its last change still runs
    // looks like one that the program writes.
    const std::vector<std::string> names = hostile_names();
    std::vector<std::string> keys;
    for (std::size_t n = 0; n < names.size(); ++n) {
        key.create(std::to_string(n));
        keys.push_back(key.path() + "\\" + std::to_string(n));
    }
    write_config(config_for(keys, actions));
    Service service;
    service.start();
    for (std::size_t n = 0; n < names.size(); ++n) {
        key.set(std::to_string(n), names[n], static_cast<int>(n));
        for (const wchar_t* saved : {L"s.exe.saved", L"s.cmd.saved", L"s.ps1.saved"}) {
            CAPTURE(names[n].substr(0, 100), win32::to_utf8(saved));
            REQUIRE(eventually([&] { return saved_names(in_folder(saved)).size() == n + 1; }));
            CHECK((saved_names(in_folder(saved)).back() == names[n]));
        }
    }
    CHECK(processes_of(L"calc.exe").empty());
    CHECK(service.stop().exit_code == 0);
}

TEST_CASE("a program that is missing, fails or never ends is an event, and the service goes on",
          "[program]") {
    const ScratchKey key;
    json hangs = child({"hold", "RegWatchTestHangs"});
    hangs["timeout"] = "1s";
    write_config(config_for(
        {key.path()}, {{"missing", {{"type", "program"}, {"file", "C:\\No\\Such\\program.exe"}}},
                       {"fails", child({"exit", "3"})},
                       {"hangs", hangs},
                       {"log", {{"type", "log"}}}}));
    const ReportedEvents events;
    Service service;
    service.start();

    // Twice, so that what went wrong with the first is seen not to have ended the action.
    for (std::size_t n = 1; n <= 2; ++n) {
        change(key, "Value", static_cast<int>(n));
        CHECK(eventually([&] { return logged_changes().size() == n; }));
        struct Expected {
            EventId id;
            const char* action;
            const char* reason;
        };
        for (const Expected& expected :
             {Expected{EventId::program_not_started, "missing", "C:\\No\\Such\\program.exe"},
              Expected{EventId::program_failed, "fails", "exit code 3"},
              Expected{EventId::program_timed_out, "hangs", "did not end within 1"}}) {
            const auto id = static_cast<std::uint16_t>(expected.id);
            INFO("event " << id << ", change " << n);
            REQUIRE(eventually([&] { return events.with_id(id).size() >= n; }));
            const auto told = events.with_id(id);
            CHECK(told.size() == n);
            CHECK(told.back().inserts.at(0) == expected.action);
            CHECK_THAT(told.back().inserts.at(1), ContainsSubstring(key.path() + "  Value"));
            CHECK_THAT(told.back().inserts.at(2), ContainsSubstring(expected.reason));
            CHECK_THAT(diagnostic_log(), ContainsSubstring(expected.reason));
        }
    }
    CHECK(eventually([] { return processes_of(kChild).empty(); }));
    CHECK(service.stop().exit_code == 0);
}

TEST_CASE("a program that hangs delays no other action, and does not outlive the service",
          "[program]") {
    const ScratchKey key;
    json hangs = child({"hold", "RegWatchTestHangs"});
    hangs["timeout"] = "24h";
    write_config(config_for({key.path()}, {{"hangs", hangs}, {"log", {{"type", "log"}}}}));
    const ReportedEvents events;
    Service service;
    service.start();
    change(key, "Value", 1);
    REQUIRE(eventually([] { return processes_of(kChild).size() == 1; }));

    for (int number = 2; number <= 20; ++number) {
        change(key, "Value", number);
        REQUIRE(eventually([&] {
            const json last = last_record_of("Value");
            return !last.is_null() && last["regwatch"]["data"]["number"] == number;
        }));
    }
    CHECK(processes_of(kChild).size() == 1);

    const ServiceStatus stopped = service.stop();
    CHECK(stopped.exit_code == 0);
    CHECK(processes_of(kChild).empty());
    constexpr auto kLeft = static_cast<std::uint16_t>(EventId::still_owed);
    REQUIRE(eventually([&] { return !events.with_id(kLeft).empty(); }));
    const auto left = events.with_id(kLeft);
    CHECK(left.size() == 1);
    CHECK(left.front().inserts == std::vector<std::string>{"hangs"});
}

// Keys of their own for a program that is run for each: see above.
std::vector<std::string> create_keys(const ScratchKey& key, int count) {
    std::vector<std::string> keys;
    for (int n = 0; n < count; ++n) {
        key.create(std::to_string(n));
        keys.push_back(key.path() + "\\" + std::to_string(n));
    }
    return keys;
}

TEST_CASE("changes beyond the rate of a program are left out, and an event says how many",
          "[program]") {
    constexpr int kWrites = 6;
    const ScratchKey key;
    const TemporaryFolder folder;
    const std::wstring saved = folder.path() + L"\\saved";
    json save = child({"save", win32::to_utf8(saved)});
    save["rate_limit"] = 1;  // a minute, which this takes no longer than
    write_config(
        config_for(create_keys(key, kWrites), {{"log", {{"type", "log"}}}, {"save", save}}));
    const ReportedEvents events;
    Service service;
    service.start();
    for (int n = 0; n < kWrites; ++n) key.set(std::to_string(n), "Value", n);
    REQUIRE(eventually([] { return logged_changes().size() == kWrites; }));
    CHECK(service.stop().exit_code == 0);  // works off what waits
    CHECK(saved_names(saved).size() == 1);
    constexpr auto kLimited = static_cast<std::uint16_t>(EventId::changes_limited);
    REQUIRE(eventually([&] { return !events.with_id(kLimited).empty(); }));
    const auto told = events.with_id(kLimited);
    CHECK(told.size() == 1);
    CHECK(told.front().inserts.at(0) == "save");
    CHECK(told.front().inserts.at(1) == std::to_string(kWrites - 1));
    CHECK(told.front().inserts.at(2) == "test");
    CHECK_THAT(diagnostic_log(), ContainsSubstring("left out 5 change(s)"));
}

TEST_CASE("what a full queue drops while no state is kept is counted, and so is what a stop loses",
          "[program]") {
    constexpr int kWrites = 6;
    const ScratchKey key;
    json hangs = child({"hold", "RegWatchTestHangs"});
    hangs["timeout"] = "24h";
    hangs["queue_limit"] = 1;
    write_config(config_for(create_keys(key, kWrites), {{"hangs", hangs}}));
    write_file(data_folder() + L"\\state", "in the way of the folder");
    const ReportedEvents events;
    Service service;
    service.start();
    const auto told = [&](EventId id) { return events.with_id(static_cast<std::uint16_t>(id)); };
    REQUIRE(eventually([&] { return !told(EventId::state_not_kept).empty(); }));
    key.set("0", "Value", 0);
    REQUIRE(eventually([] { return processes_of(kChild).size() == 1; }));
    // One waits, four find the queue full: told at the first, the second and the fourth.
    for (int n = 1; n < kWrites; ++n) key.set(std::to_string(n), "Value", n);
    REQUIRE(eventually([&] { return told(EventId::queue_full).size() == 3; }));
    const auto last = told(EventId::queue_full).back().inserts;
    CHECK(last.at(0) == "hangs");
    CHECK(last.at(1) == "1");
    CHECK(last.at(2) == "4");

    CHECK(service.stop().exit_code == 0);
    REQUIRE(eventually([&] { return !told(EventId::not_delivered).empty(); }));
    CHECK(told(EventId::not_delivered).front().inserts == std::vector<std::string>{"hangs", "2"});
}

TEST_CASE("what is owed beyond pending_count is given up, and an event says how many",
          "[program]") {
    constexpr int kWrites = 6;
    const ScratchKey key;
    json hangs = child({"hold", "RegWatchTestHangs"});
    hangs["timeout"] = "24h";
    json config = json::parse(
        config_for(create_keys(key, kWrites), {{"log", {{"type", "log"}}}, {"hangs", hangs}}));
    write_config(config.dump());
    const ReportedEvents events;
    Service service;
    service.start();
    for (int n = 0; n < kWrites; ++n) key.set(std::to_string(n), "Value", n);
    REQUIRE(eventually([] { return logged_changes().size() == kWrites; }));
    config["state"] = {{"pending_count", 2}};
    write_config(config.dump());
    REQUIRE(regwatch("reload --wait").exit_code == 0);
    constexpr auto kLost = static_cast<std::uint16_t>(EventId::deliveries_lost);
    REQUIRE(eventually([&] { return !events.with_id(kLost).empty(); }));
    const auto told = events.with_id(kLost);
    CHECK(told.size() == 1);
    CHECK(told.front().inserts.at(0) == "hangs");
    CHECK(told.front().inserts.at(1) == std::to_string(kWrites - 2));
    CHECK(service.stop().exit_code == 0);
}

TEST_CASE(
    "output of a program that is cut is an event, and test-action shows what a program writes",
    "[program]") {
    const ScratchKey key;
    json writes = child({"write with an end", "5000"});
    writes["output_limit"] = "1KB";
    write_config(
        config_for({key.path()}, {{"writes", writes}, {"says", child({"arguments", "hello"})}}));
    const ReportedEvents events;
    Service service;
    service.start();
    change(key, "Value", 1);
    constexpr auto kLimited = static_cast<std::uint16_t>(EventId::program_limited);
    REQUIRE(eventually([&] { return !events.with_id(kLimited).empty(); }));
    const auto told = events.with_id(kLimited).front().inserts;
    CHECK(told.at(0) == "writes");
    CHECK_THAT(told.at(1), ContainsSubstring(key.path() + "  Value"));
    CHECK_THAT(told.at(2), ContainsSubstring("only the last 1KB were kept (output_limit)"));
    CHECK(told.at(3) == "1");

    const CommandResult says = regwatch("test-action says");
    CHECK(says.exit_code == 0);
    CHECK_THAT(says.output, ContainsSubstring("The program ended with exit code 0 after ") &&
                                ContainsSubstring("It wrote:") && ContainsSubstring("  [hello]") &&
                                ContainsSubstring("Action says took the test change."));
    const CommandResult cut = regwatch("test-action writes");
    CHECK(cut.exit_code == 0);
    CHECK_THAT(cut.output, ContainsSubstring("It wrote more than output_limit keeps") &&
                               ContainsSubstring("xxxend"));
    CHECK(service.stop().exit_code == 0);
}

TEST_CASE("a program that stops the service is not waited for by the stop", "[program]") {
    const ScratchKey key;
    write_config(config_for({key.path()}, {{"log", {{"type", "log"}}},
                                           {"stops",
                                            {{"type", "program"},
                                             {"file", "%SystemRoot%\\System32\\sc.exe"},
                                             {"arguments", {"stop", "RegWatch"}}}}}));
    Service service;
    service.start();
    change(key, "Value", 1);
    REQUIRE(eventually([&] { return service.status().state == SERVICE_STOPPED; }));
    CHECK(service.status().exit_code == 0);
    CHECK(logged_changes().size() == 1);
}

}  // namespace
}  // namespace regwatch::e2e
