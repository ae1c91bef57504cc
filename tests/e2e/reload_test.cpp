// The configuration of a running service: changed, broken, asked about. With the program's own commands,
// since Wine's sc.exe cannot send a control.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "change/event_id.h"
#include "e2e/command.h"
#include "e2e/config.h"
#include "e2e/event_log.h"
#include "e2e/files.h"
#include "e2e/records.h"
#include "e2e/registry.h"
#include "e2e/scratch_key.h"
#include "e2e/service.h"
#include "service/exit_code.h"
#include "service/service_control.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

json status() {
    const CommandResult answer = regwatch("status --json");
    INFO(answer.output);
    REQUIRE(answer.exit_code == 0);
    return json::parse(answer.output);
}

// As editors do it: another file takes the name.
void replace_config(const std::string& bytes) {
    const std::filesystem::path config = data_folder() + L"\\regwatch.json";
    const std::filesystem::path fresh = data_folder() + L"\\regwatch.json.tmp";
    write_file(fresh.wstring(), bytes);
    REQUIRE(MoveFileExW(fresh.c_str(), config.c_str(), MOVEFILE_REPLACE_EXISTING));
}

bool is_reported(EventId id, const ReportedEvents& events) {
    return eventually([&] { return !events.with_id(static_cast<std::uint16_t>(id)).empty(); });
}

}  // namespace

TEST_CASE("a reload loses no change of a key that stays and takes new keys up", "[reload]") {
    const ScratchKey key;
    for (const char* name : {"Stays", "Goes", "Comes"}) key.create(name);
    const std::string stays = key.path() + "\\Stays";
    write_config(config_for({stays, key.path() + "\\Goes"}));
    Service service;
    service.start();

    // New values without a pause, while the configuration changes twice, each way once.
    std::set<std::string> expected;
    int number = 0;
    const auto write_some = [&] {
        for (int i = 0; i < 200; ++i, ++number) {
            const std::string name = "V" + std::to_string(number);
            key.set("Stays", name, number);
            expected.insert(stays + "\\" + name);
        }
    };
    write_some();
    write_config(config_for({stays, key.path() + "\\Comes"}));
    write_some();
    const CommandResult reloaded = regwatch("reload --wait");
    INFO(reloaded.output);
    CHECK(reloaded.exit_code == 0);
    write_some();
    const ReportedEvents events;
    replace_config(config_for({stays, key.path() + "\\Comes", key.path() + "\\Later"}));
    write_some();
    REQUIRE(is_reported(EventId::config_reloaded, events));
    write_some();

    std::set<std::string> found;
    CHECK(eventually([&] {
        found.clear();
        for (const json& change : logged_changes()) found.insert(change["registry"]["path"]);
        return found == expected;
    }));
    std::size_t count = logged_changes().size();
    CHECK(count == expected.size());  // none of them twice

    key.set("Goes", "Gone", 1);
    key.set("Comes", "New", 1);
    REQUIRE(eventually([] { return !last_record_of("New").is_null(); }));
    CHECK(last_record_of("Gone").is_null());
    CHECK(service.stop().exit_code == 0);
}

TEST_CASE("a bad configuration changes nothing, is told, and is used by no start", "[reload]") {
    const ScratchKey key;
    write_config(config_for({key.path()}));
    Service service;
    service.start();
    CHECK(status()["config"]["generation"] == 1);

    const ReportedEvents events;
    write_config("{\n  \"watches\": [ }\n");
    const CommandResult refused = regwatch("reload --wait");
    CHECK(refused.exit_code == static_cast<std::uint32_t>(ExitCode::config_invalid));
    CHECK_THAT(refused.output, ContainsSubstring("regwatch.json:2:16"));
    CHECK(is_reported(EventId::config_refused, events));
    const json after = status();
    CHECK(after["config"]["generation"] == 1);
    CHECK_FALSE(after["config"]["problems"].empty());
    key.set("", "Still", 1);
    CHECK(eventually([] { return !last_record_of("Still").is_null(); }));

    service.stop();
    const ReportedEvents at_start;
    service.start();
    CHECK(is_reported(EventId::last_good_config_used, at_start));
    CHECK(status()["config"]["last_good_in_use"] == true);
    key.set("", "Again", 1);
    CHECK(eventually([] { return !last_record_of("Again").is_null(); }));

    write_config(config_for({key.path()}));
    CHECK(eventually([] { return status()["config"]["last_good_in_use"] == false; }));
}

TEST_CASE("a pack that is away is followed, and taken up when it is there again", "[reload]") {
    const ScratchKey key;
    for (const char* name : {"Own", "Pack", "Later"}) key.create(name);
    const std::filesystem::path folder = data_folder() + L"\\packs";
    const std::wstring pack = (folder / L"extra.json").wstring();
    const auto pack_for = [&](const json& keys) {
        return json{{"watches", {{{"name", "extra"}, {"keys", keys}}}}}.dump();
    };
    json config = json::parse(config_for({key.path() + "\\Own"}));
    config["include"] = {"extra"};
    std::filesystem::create_directories(folder);
    write_file(pack, pack_for({key.path() + "\\Pack"}));
    write_config(config.dump());
    Service service;
    service.start();
    key.set("Pack", "Before", 1);
    REQUIRE(eventually([] { return !last_record_of("Before").is_null(); }));

    const ReportedEvents events;
    REQUIRE(std::filesystem::remove(pack));
    REQUIRE(is_reported(EventId::config_refused, events));
    key.set("Pack", "Meanwhile", 1);
    CHECK(eventually([] { return !last_record_of("Meanwhile").is_null(); }));
    write_file(pack, pack_for({key.path() + "\\Pack", key.path() + "\\Later"}));
    REQUIRE(is_reported(EventId::config_reloaded, events));
    CHECK(status()["config"]["problems"].empty());
    key.set("Later", "Again", 1);
    CHECK(eventually([] { return !last_record_of("Again").is_null(); }));
    CHECK(service.stop().exit_code == 0);
    std::filesystem::remove_all(folder);
}

TEST_CASE("a reload that is waited for ends as check does", "[reload]") {
    const ScratchKey key;
    write_config(config_for({key.path()}));
    Service service;
    service.start();
    REQUIRE(std::filesystem::remove(data_folder() + L"\\regwatch.json"));
    const auto unreadable = static_cast<std::uint32_t>(ExitCode::config_unreadable);
    CHECK(regwatch("check").exit_code == unreadable);
    CHECK(regwatch("reload --wait").exit_code == unreadable);
    CHECK(status()["config"]["refused_as"] == static_cast<int>(ExitCode::config_unreadable));
    write_config(config_for({key.path()}));
    CHECK(regwatch("reload --wait").exit_code == 0);
    CHECK(status()["config"]["refused_as"] == 0);
    CHECK(service.stop().exit_code == 0);
}

TEST_CASE("PARAMCHANGE asks for a reload, and so does control 128 of tools that cannot send that",
          "[reload]") {
    const ScratchKey key;
    write_config(config_for({key.path()}));
    Service service;
    service.start();
    int before = status()["config"]["reloads_done"];
    for (const int control : {SERVICE_CONTROL_PARAMCHANGE, 128}) {
        INFO(control);
        REQUIRE(send_control("RegWatch", static_cast<std::uint32_t>(control)));
        ++before;
        CHECK(eventually([&] { return status()["config"]["reloads_done"] == before; }));
    }
    CHECK(service.stop().exit_code == 0);
}

TEST_CASE("a pause is refused and nothing is missed for it", "[reload]") {
    const ScratchKey key;
    write_config(config_for({key.path()}));
    Service service;
    service.start();
    CHECK_FALSE(send_control("RegWatch", SERVICE_CONTROL_PAUSE));
    CHECK(service.status().state == SERVICE_RUNNING);
    key.set("", "After", 1);
    CHECK(eventually([] { return !last_record_of("After").is_null(); }));
    CHECK(service.stop().exit_code == 0);
}

TEST_CASE("the service is asked for its status, started and stopped by the program itself",
          "[status]") {
    const ScratchKey key;
    const auto not_running = static_cast<std::uint32_t>(ExitCode::not_running);
    CHECK(regwatch("status").exit_code == not_running);
    CHECK(regwatch("reload").exit_code == not_running);
    write_config(config_for({key.path(), key.path() + "\\Missing"}));
    Service service;
    CHECK(regwatch("status").exit_code == not_running);
    CHECK(regwatch("stop").exit_code == 0);
    CHECK(regwatch("start").exit_code == 0);
    CHECK(service.status().state == SERVICE_RUNNING);

    const json now = status();
    CHECK(now["keys"]["by_state"]["watching"] == 1);
    CHECK(now["keys"]["by_state"]["waiting"] == 1);
    CHECK(now["keys"]["total"] == 2);
    CHECK(now["actions"][0]["name"] == "log");
    CHECK(now["actions"][0]["dropped"] == 0);
    CHECK_THAT(regwatch("status").output, ContainsSubstring("1 watching 1 waiting"));

    CHECK(regwatch("stop").exit_code == 0);
    CHECK(service.status().state == SERVICE_STOPPED);
    write_config("{");
    std::filesystem::remove_all(data_folder() + L"\\state");
    CHECK(regwatch("start").exit_code == static_cast<std::uint32_t>(ExitCode::config_invalid));
}

TEST_CASE("explain, check and doctor tell what they find", "[status]") {
    const ScratchKey key;
    write_config(config_for({key.path()}));
    const CommandResult explained = regwatch("explain " + key.path() + " Value");
    CHECK(explained.exit_code == 0);
    CHECK_THAT(explained.output, ContainsSubstring("watch test: yes"));
    CHECK_THAT(regwatch("explain " + key.path() + "\\A\\B Value").output,
               ContainsSubstring("not \"recursive\""));
    CHECK(json::parse(regwatch("check --json").output)["good"] == true);

    const auto bad = static_cast<std::uint32_t>(ExitCode::checks_failed);
    const CommandResult without = regwatch("doctor");
    CHECK(without.exit_code == bad);
    CHECK_THAT(without.output, ContainsSubstring("repair: regwatch install"));
    REQUIRE(regwatch("install").exit_code == 0);
    const Service service{std::string("RegWatch")};
    REQUIRE(regwatch("start").exit_code == 0);
    const CommandResult with = regwatch("doctor --json");
    INFO(with.output);
    const json report = json::parse(with.output);
    for (const json& check : report["checks"]) {
        INFO(check.dump());
        // The test, which is no administrator's tool, made the folder here.
        if (check["check"] == "data_directory") continue;
        CHECK(check["result"] != "bad");
    }
    CHECK(regwatch("stop").exit_code == 0);
    CHECK(regwatch("doctor").exit_code == bad);
}

TEST_CASE("what is muted by command is not delivered until it is ended, and then it is summed up",
          "[reload]") {
    const ScratchKey key;
    write_config(config_for({key.path()}));
    const ReportedEvents events;
    Service service;
    service.start();
    CHECK(regwatch("mute nosuch --for 1h").exit_code != 0);
    const CommandResult muted = regwatch("mute test --for 1h");
    INFO(muted.output);
    REQUIRE(muted.exit_code == 0);
    CHECK(status()["muted"][0]["watch"] == "test");
    CHECK(is_reported(EventId::watch_muted, events));
    key.set("", "Muted", 1);
    REQUIRE(eventually([] { return status()["changes"] == 1; }));
    REQUIRE(regwatch("mute test --off").exit_code == 0);
    CHECK(status()["muted"].empty());
    key.set("", "Told", 2);
    REQUIRE(eventually([] { return !last_record_of("Told").is_null(); }));
    CHECK(logged_changes().size() == 1);
    CHECK(is_reported(EventId::changes_muted, events));
    CHECK(is_reported(EventId::watch_unmuted, events));
    CHECK(service.stop().exit_code == 0);
}

TEST_CASE("a value that is enforced comes back, and one that is only expected is told of",
          "[reload]") {
    const ScratchKey key;
    key.set("", "Held", 1);
    json config = json::parse(config_for({key.path()}));
    config["watches"][0]["expect"] = {{{"value", "Held"}, {"type", "REG_DWORD"}, {"data", "7"}}};
    write_config(config.dump());
    const ReportedEvents events;
    Service service;
    service.start();
    CHECK(is_reported(EventId::not_as_expected, events));
    CHECK(registry_number(key.path(), "Held") == 1);
    config["watches"][0]["enforce"] = true;
    replace_config(config.dump());
    CHECK(eventually([&] { return registry_number(key.path(), "Held") == 7; }));
    CHECK(is_reported(EventId::enforced, events));
    key.set("", "Held", 8);
    CHECK(eventually([&] { return registry_number(key.path(), "Held") == 7; }));
    constexpr auto kEnforced = static_cast<std::uint16_t>(EventId::enforced);
    REQUIRE(eventually([&] { return events.with_id(kEnforced).size() == 2; }));
    const auto told = events.with_id(kEnforced).back().inserts;
    CHECK(told.at(0) == "test");
    CHECK_THAT(told.at(1), ContainsSubstring(key.path()) && ContainsSubstring("Held"));
    CHECK_THAT(told.at(2), ContainsSubstring("8"));
    CHECK_THAT(told.at(3), ContainsSubstring("7"));
    CHECK(service.stop().exit_code == 0);
}

}  // namespace regwatch::e2e
