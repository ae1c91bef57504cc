// What is asked of the state by command: the history in its forms, taking a change back, files that reg.exe
// imports, and the baseline.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "e2e/command.h"
#include "e2e/config.h"
#include "e2e/files.h"
#include "e2e/records.h"
#include "e2e/registry.h"
#include "e2e/scratch_key.h"
#include "e2e/service.h"
#include "service/exit_code.h"
#include "win32/text.h"

namespace regwatch::e2e {
namespace {

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

std::vector<std::string> lines_of(const std::string& command) {
    std::istringstream output(run_ok(regwatch_exe() + " " + command));
    std::vector<std::string> lines;
    for (std::string line; std::getline(output, line);) lines.push_back(line);
    return lines;
}

// Sets Number from 1 to 2, makes Text, and deletes it: the changes 1, 2 and 3.
void make_three_changes(const ScratchKey& key) {
    const auto reported = [](const std::string& value, const std::string& type) {
        return eventually([&] {
            const json record = last_record_of(value);
            return !record.is_null() && record["event"]["type"][0] == type;
        });
    };
    run_ok("reg.exe add " + key.path() + " /v Number /t REG_DWORD /d 2 /f");
    REQUIRE(reported("Number", "change"));
    run_ok("reg.exe add " + key.path() + " /v Text /d hello /f");
    REQUIRE(reported("Text", "creation"));
    run_ok("reg.exe delete " + key.path() + " /v Text /f");
    REQUIRE(reported("Text", "deletion"));
}

class Watched {
public:
    Watched() {
        key.set("", "Number", 1);
        write_config(config_for({key.path()}));
        service.start();
    }
    ~Watched() { service.stop(); }
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;

    const ScratchKey key;
    Service service;
};

}  // namespace

TEST_CASE("the history is printed in each form and asked by each question while the service runs",
          "[history]") {
    const Watched watched;
    make_three_changes(watched.key);

    const auto records = lines_of("history --json");
    REQUIRE(records.size() == 3);
    for (std::size_t i = 0; i < records.size(); ++i)
        CHECK(json::parse(records[i])["event"]["sequence"] == i + 1);

    const auto table = lines_of("history");
    REQUIRE(table.size() == 3);
    CHECK_THAT(table[0], ContainsSubstring(watched.key.path()) && ContainsSubstring("Number"));
    CHECK_THAT(table[2], ContainsSubstring("\"hello\" -> (none)"));
    CHECK_THAT(table[2], !ContainsSubstring("\x1b"));
    CHECK(lines_of("history --csv").size() == 4);

    CHECK(lines_of("history --kind value_deleted").size() == 1);
    CHECK(lines_of("history --watch test --limit 2").size() == 2);
    CHECK(lines_of("history --watch another").empty());
    CHECK(lines_of("history --key " + watched.key.path().substr(8)).size() == 3);
    CHECK(lines_of("history --key NotThere").empty());
    CHECK(lines_of("history --since 1h").size() == 3);
    CHECK(lines_of("history --until 1h").empty());
    const CommandResult never = regwatch("history --since never");
    CHECK(never.exit_code == static_cast<std::uint32_t>(ExitCode::usage));
    CHECK_THAT(never.output, ContainsSubstring("is no time"));
}

TEST_CASE("a change is taken back, but not over what somebody wrote after it", "[history]") {
    const Watched watched;
    make_three_changes(watched.key);
    const auto number = [&] { return registry_number(watched.key.path(), "Number"); };

    CHECK_THAT(run_ok(regwatch_exe() + " undo 1"), ContainsSubstring("Nothing was written"));
    CHECK(number() == 2);
    CHECK_THAT(run_ok(regwatch_exe() + " undo 1 --apply"), ContainsSubstring("Done."));
    CHECK(number() == 1);

    const CommandResult again = regwatch("undo 1 --apply");
    CHECK(again.exit_code == static_cast<std::uint32_t>(ExitCode::failure));
    CHECK_THAT(again.output, ContainsSubstring("has been changed since"));
    const CommandResult unknown = regwatch("undo 4711");
    CHECK(unknown.exit_code == static_cast<std::uint32_t>(ExitCode::failure));
    CHECK_THAT(unknown.output, ContainsSubstring("there is no change 4711"));
}

TEST_CASE("reg.exe imports what export writes, backwards and forwards", "[history]") {
    const Watched watched;
    make_three_changes(watched.key);
    const TemporaryFolder folder;
    const std::string file = win32::to_utf8(folder.path()) + "\\changes.reg";
    const auto text = [&] { return registry_text(watched.key.path(), "Text"); };

    run_ok(regwatch_exe() + " export --reg 1 3 --out \"" + file + "\"");
    run_ok("reg.exe import \"" + file + "\"");
    CHECK(text() == "hello");
    CHECK(registry_number(watched.key.path(), "Number") == 1);

    run_ok(regwatch_exe() + " export --reg 1 3 --forward --out \"" + file + "\"");
    run_ok("reg.exe import \"" + file + "\"");
    CHECK(!text());
    CHECK(registry_number(watched.key.path(), "Number") == 2);
}

TEST_CASE("what changed while nobody watched is reported, unless it was accepted", "[history]") {
    Watched watched;
    CHECK_THAT(run_ok(regwatch_exe() + " baseline show"), ContainsSubstring(watched.key.path()));
    CHECK_THAT(regwatch("baseline accept").output, ContainsSubstring("the service is running"));

    watched.service.stop();
    watched.key.set("", "Accepted", 5);
    CHECK_THAT(run_ok(regwatch_exe() + " baseline diff"), ContainsSubstring("Accepted"));
    CHECK_THAT(run_ok(regwatch_exe() + " baseline accept"),
               ContainsSubstring("1 difference(s) in 1 key(s) accepted"));
    CHECK(lines_of("baseline diff").empty());

    watched.key.set("", "Reported", 6);
    watched.service.start();
    CHECK(eventually([] { return !last_record_of("Reported").is_null(); }));
    CHECK(last_record_of("Reported")["regwatch"]["detection"] == "startup");
    CHECK(last_record_of("Accepted").is_null());
}

}  // namespace regwatch::e2e
