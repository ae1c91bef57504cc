// A configuration that cannot be used: no start, and the reason wherever somebody may look for it.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "change/event_id.h"
#include "e2e/command.h"
#include "e2e/event_log.h"
#include "e2e/records.h"
#include "e2e/service.h"
#include "service/exit_code.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

struct BadConfig {
    const char* what;
    std::optional<std::string> bytes;  // nothing: no file
    const char* place;                 // behind the file's name
    const char* reason;                // a part of it
    StartStep step = StartStep::checking_config;
};

constexpr const char* kGoodActions = R"("actions": {"log": {"type": "log"}}})";

std::string with_watch(const std::string& fields) {
    return "{\n  \"watches\": [\n    {\"name\": \"a\", " + fields + "}],\n" + kGoodActions;
}

std::vector<BadConfig> bad_configs() {
    const std::string key = R"("keys": ["HKLM\\SOFTWARE\\X"])";
    const std::string utf16("{\0\"\0a\0\"\0:\0001\0}\0", 14);
    return {
        {"no file", std::nullopt, ": ", "there is no such file", StartStep::reading_config},
        {"an empty file", "", ": ", "the file is empty"},
        {"broken JSON", "{\n  \"watches\": [ }\n", ":2:16: ", "not JSON: found '}'"},
        {"a file cut short", "{\n  \"watches\": [", ":2:", "not JSON"},
        {"a wrong type", with_watch(R"("keys": "HKLM\\SOFTWARE")"),
         ":3:27: ", "\"keys\" takes a list"},
        {"an unknown field", with_watch(key + R"(, "recursiv": true)"),
         ":3:50: ", "unknown field \"recursiv\" (did you mean \"recursive\"?)"},
        {"an unknown hive", with_watch(R"("keys": ["HKEY_NOWHERE\\X"])"),
         ":3:28: ", "'HKEY_NOWHERE' is none of HKLM"},
        {"no watches", std::string("{\"watches\": [],\n") + kGoodActions,
         ":1:13: ", "found an empty list"},
        {"an unknown action", with_watch(key + R"(, "actions": ["lgo"])"),
         ":3:62: ", "\"lgo\", which is not the name of an action"},
        {"UTF-16 without a byte order mark", utf16, ": ", "UTF-16 without a byte order mark"},
        {"a byte that is not UTF-8", with_watch("\"tags\": [\"\xFF\"]"),
         ":3:29: ", "the byte 0xFF is not UTF-8"},
    };
}

// Its standard error alone.
CommandResult errors_of(const std::string& command) {
    return run("cmd.exe /s /c \"" + regwatch_exe() + " " + command + " 1>NUL\"");
}

TEST_CASE("a service with a bad configuration does not start and says everywhere why",
          "[badconfig]") {
    Service service;
    const std::string file = win32::to_utf8(data_folder() + L"\\regwatch.json");
    for (const BadConfig& bad : bad_configs()) {
        INFO("the config is " << bad.what);
        std::filesystem::remove_all(data_folder());
        if (bad.bytes) write_config(*bad.bytes);
        const std::string place = file + bad.place;
        const bool is_readable = bad.step == StartStep::checking_config;

        const ReportedEvents events;
        const ServiceStatus stopped = service.start_and_expect_stop();
        CHECK(stopped.exit_code == ERROR_SERVICE_SPECIFIC_ERROR);
        CHECK(stopped.specific_exit_code == static_cast<std::uint32_t>(bad.step));

        CHECK_THAT(diagnostic_log(), ContainsSubstring(place));
        CHECK_THAT(diagnostic_log(), ContainsSubstring(bad.reason));

        const EventId id = is_readable ? EventId::config_invalid : EventId::service_failed;
        REQUIRE(eventually([&] { return !events.all().empty(); }));
        const auto all = events.all();
        CHECK(all.size() == 1);
        CHECK(all.front().id == static_cast<std::uint16_t>(id));
        CHECK_THAT(all.front().inserts.back(), StartsWith(place));

        const auto code = static_cast<std::uint32_t>(exit_code_of(bad.step));
        for (const char* command : {"run", "check"}) {
            const CommandResult told = errors_of(command);
            CHECK(told.exit_code == code);
            CHECK_THAT(told.output, ContainsSubstring(place));
            CHECK_THAT(told.output, ContainsSubstring(bad.reason));
        }
    }
}

TEST_CASE("a service that could not start starts once its configuration is good", "[badconfig]") {
    Service service;
    write_config("{}");
    CHECK(service.start_and_expect_stop().exit_code == ERROR_SERVICE_SPECIFIC_ERROR);
    write_config(with_watch(R"("keys": ["HKLM\\SOFTWARE\\X"])"));
    service.start();
    CHECK(service.stop().exit_code == 0);
}

TEST_CASE("check notes patterns that fit no key, or too many, of a good configuration",
          "[badconfig]") {
    write_config(with_watch(
        R"("keys": ["HKLM\\SOFTWARE\\RegWatchNoSuchKey\\*", "HKLM\\SOFTWARE\\*"], "max_keys": 1)"));
    const std::string text = run_ok(regwatch_exe() + " check");
    CHECK_THAT(text, ContainsSubstring(":3:28: /watches/0/keys/0: note: no key of this machine"));
    CHECK_THAT(text, ContainsSubstring("note: \"HKLM\\SOFTWARE\\*\" fits more than 1 keys"));
    CHECK_THAT(text, ContainsSubstring("is good: 1 watch(es)"));
    CHECK_THAT(run_ok(regwatch_exe() + " check --file-only"), !ContainsSubstring("note: "));

    const auto report = nlohmann::json::parse(run_ok(regwatch_exe() + " check --json"));
    CHECK(report["good"] == true);
    CHECK(report["problems"].empty());
    REQUIRE(report["notes"].size() == 2);
    CHECK(report["notes"][1]["pointer"] == "/watches/0/keys/1");
}

}  // namespace
}  // namespace regwatch::e2e
