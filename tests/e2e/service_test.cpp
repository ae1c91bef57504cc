// The service as a user gets it: made with sc.exe, configured by its file, stopped with sc.exe.
#include <catch2/catch_test_macros.hpp>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "e2e/command.h"
#include "e2e/config.h"
#include "e2e/files.h"
#include "e2e/processes.h"
#include "e2e/records.h"
#include "e2e/scratch_key.h"
#include "e2e/service.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

using nlohmann::json;

// By the value's path: what the last record about it says.
std::map<std::string, int> last_numbers() {
    std::map<std::string, int> numbers;
    for (const json& change : logged_changes()) {
        numbers[change["registry"]["path"]] = change["regwatch"]["data"]["number"];
    }
    return numbers;
}

TEST_CASE("a service made by sc.exe create alone reports what reg.exe changes", "[bare]") {
    const ScratchKey key;
    run_ok("reg.exe add " + key.path() + " /v Known /t REG_SZ /d before /f");
    write_config(config_for({key.path()}));
    Service service;
    service.start();

    run_ok("reg.exe add " + key.path() + " /v Known /t REG_SZ /d after /f");
    REQUIRE(eventually([] { return !last_record_of("Known").is_null(); }));
    const json changed = last_record_of("Known");
    CHECK(changed["registry"]["data"]["strings"] == json::array({"after"}));
    CHECK(changed["registry"]["previous"]["data"]["strings"] == json::array({"before"}));
    CHECK(changed["rule"]["name"] == "test");

    run_ok("reg.exe delete " + key.path() + " /v Known /f");
    CHECK(eventually([&] { return reported("registry-value-deleted", key.path() + "\\Known"); }));
    run_ok("reg.exe add " + key.path() + "\\Sub /f");
    CHECK(eventually([&] { return reported("registry-key-created", key.path() + "\\Sub"); }));

    const ServiceStatus stopped = service.stop();
    CHECK(stopped.exit_code == 0);
}

TEST_CASE("a log is kept in the folder it is told, also by the name of a variable", "[bare]") {
    const ScratchKey key;
    const TemporaryFolder folder;
    // Not %ProgramData%: Wine's services have another one than its users.
    const std::string told = "%SystemDrive%" + win32::to_utf8(folder.path()).substr(2);
    write_config(
        config_for({key.path()}, {{"log", {{"type", "log"}, {"folder", told + "\\logs"}}}}));
    Service service;
    service.start();
    key.set("", "Value", 1);
    CHECK(eventually([&] { return !last_record_of("Value", folder.path()).is_null(); }));
    CHECK(logged_changes().empty());
    CHECK(service.stop().exit_code == 0);
}

TEST_CASE("a missing key is waited for, not created, and reported when it appears", "[missing]") {
    const ScratchKey key;
    const std::string missing = key.path() + "\\Not\\There";
    write_config(config_for({missing}));
    Service service;
    service.start();
    CHECK(run("reg.exe query " + missing).exit_code != 0);

    run_ok("reg.exe add " + missing + " /v New /t REG_DWORD /d 7 /f");
    REQUIRE(eventually([] { return !last_record_of("New").is_null(); }));
    CHECK(reported("registry-key-created", missing));

    run_ok("reg.exe delete " + key.path() + "\\Not /f");
    CHECK(eventually([&] { return reported("registry-key-deleted", missing); }));
}

TEST_CASE("after a burst of writes to 200 keys the last delivered state is the registry's",
          "[burst]") {
    const ScratchKey key;
    constexpr int kRounds = 25;
    std::vector<std::string> keys;
    std::map<std::string, int> expected;  // by the value's path
    for (int i = 0; i < 200; ++i) {
        keys.push_back(key.path() + "\\K" + std::to_string(i));
        expected[keys.back() + "\\Value" + std::to_string(i)] = kRounds;
        key.create("K" + std::to_string(i));
    }
    write_config(config_for(keys));
    Service service;
    service.start();

    for (int round = 1; round <= kRounds; ++round) {
        for (int i = 0; i < 200; ++i) {
            key.set("K" + std::to_string(i), "Value" + std::to_string(i), round);
        }
    }
    std::map<std::string, int> last;
    CHECK(eventually([&] {
        last = last_numbers();
        return last == expected;
    }));
    CHECK(last == expected);
}

TEST_CASE("sc.exe stop during a burst ends in STOPPED with exit code 0 and no event after it",
          "[stop]") {
    const ScratchKey key;
    write_config(config_for({key.path()}));
    Service service;
    service.start();

    const Writer writer(key);  // writes until the end of the scope
    REQUIRE(eventually([] { return logged_changes().size() > 20; }));
    const ServiceStatus stopped = service.stop();
    CHECK(stopped.state == SERVICE_STOPPED);
    CHECK(stopped.exit_code == 0);
    const std::size_t at_stop = logged_changes().size();
    const int written_at_stop = writer.written();
    REQUIRE(eventually([&] { return writer.written() > written_at_stop + 100; }));
    CHECK(logged_changes().size() == at_stop);
}

TEST_CASE("a value that is written without pause hides no other change", "[storm]") {
    const ScratchKey key;
    for (int i = 0; i < 20; ++i) key.set("", "Quiet" + std::to_string(i), 0);
    write_config(config_for({key.path()}));
    Service service;
    service.start();
    const Writer writer(key);
    for (int number = 1; number <= 5; ++number) {
        const int written = writer.written();
        REQUIRE(eventually([&] { return writer.written() > written + 1000; }));
        key.set("", "Quiet7", number);
        INFO("change " << number);
        REQUIRE(!keeps(std::chrono::seconds(10), [&] {
            const json last = last_record_of("Quiet7");
            return last.is_null() || last["regwatch"]["data"]["number"] != number;
        }));
    }
}

TEST_CASE("the number of threads of the project does not grow with the number of keys",
          "[threads]") {
    const ScratchKey key;
    std::vector<std::string> keys;
    for (int i = 0; i < 10; ++i) keys.push_back(key.path() + "\\K" + std::to_string(i));
    const auto threads_with = [&](std::size_t count) {
        write_config(config_for({keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(count)}));
        Service service;
        service.start();
        return thread_count(service.status().process_id);
    };
    for (int i = 10; i < 210; ++i) keys.push_back(key.path() + "\\K" + std::to_string(i));
    for (int i = 0; i < 210; ++i) key.create("K" + std::to_string(i));
    const std::size_t few = threads_with(10);
    const std::size_t many = threads_with(210);
    INFO("with 10 keys " << few << " threads, with 210 " << many);
    // Wine's pool needs a thread of its own for every 63 waits; Windows a handful for any number.
    CHECK(many <= few + 200 / 63 + 2);
}

}  // namespace
}  // namespace regwatch::e2e
