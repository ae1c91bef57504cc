// The commands that a person uses in a console: watch, run, check, version.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "e2e/command.h"
#include "e2e/config.h"
#include "e2e/files.h"
#include "e2e/records.h"
#include "e2e/scratch_key.h"
#include "e2e/service.h"
#include "win32/text.h"

namespace regwatch::e2e {
namespace {

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

// Only whole lines.
std::vector<std::string> lines_of(const Background& program) {
    std::vector<std::string> lines;
    std::istringstream text(program.output());
    for (std::string line; std::getline(text, line) && !text.eof();) lines.push_back(line);
    return lines;
}

std::vector<json> records_of(const Background& program) {
    std::vector<json> records;
    for (const std::string& line : lines_of(program)) records.push_back(json::parse(line));
    return records;
}

bool prints(const Background& program, const std::string& text) {
    return eventually([&] { return program.output().find(text) != std::string::npos; });
}

TEST_CASE("watch --json says where the keys stand, and then one record per change", "[watch]") {
    const ScratchKey key;
    key.create("Deep");
    const std::string missing = key.path() + "\\Missing";
    Background watch(regwatch_exe() + " watch " + key.path() + " " + missing + " --json");
    REQUIRE(eventually([&] { return lines_of(watch).size() == 1; }));
    const json head = records_of(watch).front();
    CHECK(head["event"]["action"] == "watching");
    CHECK(head["regwatch"]["watching"] == json::array({{{"key", key.path()}, {"state", "watching"}},
                                                       {{"key", missing}, {"state", "waiting"}}}));

    key.set("Deep", "NotSeen", 1);
    key.set("", "Value", 1);
    REQUIRE(eventually([&] { return lines_of(watch).size() == 2; }));
    CHECK(records_of(watch).back()["registry"]["path"] == key.path() + "\\Value");
    key.set("", "Value", 2);
    REQUIRE(eventually([&] { return lines_of(watch).size() == 3; }));
    CHECK(records_of(watch).back()["registry"]["previous"]["data"]["strings"] ==
          json::array({"1"}));

    // Both see the new key: one as its own, one as a subkey.
    key.create("Missing");
    REQUIRE(eventually([&] { return lines_of(watch).size() >= 4; }));
    key.set("Missing", "New", 3);
    // In which order the two say so is not promised.
    const auto says_new = [&] {
        const auto records = records_of(watch);
        return std::any_of(records.begin(), records.end(), [&](const json& record) {
            return record.value(json::json_pointer("/registry/path"), "") == missing + "\\New";
        });
    };
    CHECK(eventually(says_new));
    CHECK(watch.interrupt() == 0);
    CHECK_THAT(watch.output(), !ContainsSubstring("NotSeen"));
}

TEST_CASE("watch prints a line with old and new data, and with --recursive those far below",
          "[watch]") {
    const ScratchKey key;
    key.create("Far\\Below");
    run_ok("reg.exe add " + key.path() + "\\Far\\Below /v Value /d before /f");
    Background watch(regwatch_exe() + " watch --recursive " + key.path());
    REQUIRE(prints(watch, "Changes are printed"));
    run_ok("reg.exe add " + key.path() + "\\Far\\Below /v Value /d after /f");
    CHECK(prints(watch, key.path() + "\\Far\\Below  Value  REG_SZ \"before\" -> \"after\"\n"));
    run_ok("reg.exe add " + key.path() + "\\Far\\Below\\New /f");
    CHECK(prints(watch, key.path() + "\\Far\\Below\\New  key created\n"));
    CHECK(watch.interrupt() == 0);
}

TEST_CASE("watch takes HKCU for the hive of whoever started it", "[watch]") {
    const std::string below = "\\Software\\RegWatchTest";
    run("reg.exe delete HKCU" + below + " /f");
    // Another user. Only Wine makes one so easily; a Windows has its own.
    const std::string other = "HKU\\S-1-5-21-1-2-3-1001";
    run("reg.exe add " + other + below + " /f");
    Background watch(regwatch_exe() + " watch HKCU" + below + " --json");
    REQUIRE(eventually([&] { return lines_of(watch).size() == 1; }));
    // One key of one hive; a configuration would mean those of all users.
    const json keys = records_of(watch).front()["regwatch"]["watching"];
    REQUIRE(keys.size() == 1);
    const std::string own = keys[0]["key"];
    CHECK_THAT(own, Catch::Matchers::Matches("HKU\\\\S-1-[0-9-]+\\\\Software\\\\RegWatchTest"));

    run_ok("reg.exe add HKCU" + below + " /v Mine /d yes /f");
    const bool seen = prints(watch, "\"Mine\"");
    run("reg.exe delete HKCU" + below + " /f");
    run("reg.exe delete " + other + " /f");
    REQUIRE(seen);
    const json record = records_of(watch).at(1);
    CHECK(record["event"]["action"] == "registry-key-created");
    CHECK(record["registry"]["path"] == own);
    CHECK(watch.interrupt() == 0);
}

TEST_CASE("watch refuses what is no key", "[watch]") {
    const CommandResult refused = run(regwatch_exe() + " watch HKNO\\Such");
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.output, ContainsSubstring("HKNO"));
}

TEST_CASE("run does in a console what the service does, in the data directory it is given",
          "[console]") {
    const ScratchKey key;
    const TemporaryFolder folder;
    const std::wstring config = folder.path() + L"\\own.json";
    write_file(config, config_for({key.path()}));
    const std::string options = " --config \"" + win32::to_utf8(config) + "\"";
    CHECK_THAT(run_ok(regwatch_exe() + " check" + options), ContainsSubstring("is good: 1 watch"));

    Background program(regwatch_exe() + " run" + options + " --data-dir \"" +
                       win32::to_utf8(folder.path()) + "\"");
    REQUIRE(prints(program, "regwatch: running"));
    key.set("", "Value", 5);
    REQUIRE(eventually([&] { return !last_record_of("Value", folder.path()).is_null(); }));
    CHECK(program.interrupt() == 0);
    CHECK_THAT(program.output(), ContainsSubstring("regwatch: stopped"));
    CHECK(logged_changes(folder.path()).size() == 1);
    CHECK(files_below(data_folder()).empty());
}

TEST_CASE("version says which one, and a wrong command how to get help", "[console]") {
    CHECK_THAT(run_ok(regwatch_exe() + " version"),
               Catch::Matchers::Matches("regwatch [0-9]+\\.[0-9]+\\.[0-9]+\r?\n"));
    const CommandResult wrong = run(regwatch_exe() + " wach");
    CHECK(wrong.exit_code == 2);
    CHECK_THAT(wrong.output, ContainsSubstring("--help"));
}

}  // namespace
}  // namespace regwatch::e2e
