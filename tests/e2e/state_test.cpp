// What the service keeps, and what its commands make of that while it runs.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "change/event_id.h"
#include "e2e/command.h"
#include "e2e/config.h"
#include "e2e/event_log.h"
#include "e2e/records.h"
#include "e2e/scratch_key.h"
#include "e2e/service.h"
#include "service/exit_code.h"
#include "service/self_test.h"

namespace regwatch::e2e {
namespace {

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

// Of all that doctor found, what it says of the self-test.
json self_test() {
    const json report = json::parse(regwatch("doctor --self-test --json").output);
    const auto& checks = report["checks"];
    const auto found = std::find_if(checks.begin(), checks.end(), [](const json& check) {
        return check["check"] == "self_test";
    });
    REQUIRE(found != checks.end());
    return *found;
}

}  // namespace

TEST_CASE("doctor tells a service that hears by its own key, and leaves nothing there", "[state]") {
    const ScratchKey key;
    write_config(config_for({key.path()}));
    Service service;
    CHECK(self_test()["result"] == "bad");
    service.start();
    for (int i = 0; i < 2; ++i) {
        const json finding = self_test();
        INFO(finding.dump());
        CHECK(finding["result"] == "ok");
    }
    CHECK(run("reg.exe query " + self_test_key().utf8()).exit_code != 0);
    CHECK_THAT(regwatch("history --watch \"" + std::string(kSelfTestWatch) + "\"").output,
               ContainsSubstring("SelfTest"));
    CHECK(logged_changes().empty());
    const json status = json::parse(regwatch("status --json").output);
    CHECK(status["keys"]["total"] == 1);
    CHECK(status["state"] == "ready");
    CHECK(service.stop().exit_code == 0);
}

TEST_CASE("the service says that it is alive, and status has the same counts", "[state]") {
    const ScratchKey key;
    json config = json::parse(config_for({key.path()}));
    config["state"] = {{"heartbeat", "1s"}};
    write_config(config.dump());
    Service service;
    const ReportedEvents events;
    service.start();
    key.set("", "V", 1);
    CHECK(eventually([&] {
        const auto beats = events.with_id(static_cast<std::uint16_t>(EventId::heartbeat));
        return !beats.empty() && beats.back().inserts.at(0) == "1";
    }));
    const json status = json::parse(regwatch("status --json").output);
    CHECK(status["changes"] == 1);
    CHECK(status["last_sequence"] == 1);
    for (const char* count : {"dropped", "truncated", "given_up", "missing_in_history"})
        CHECK(status[count] == 0);
    CHECK(service.stop().exit_code == 0);
}

TEST_CASE("a second instance on the same data directory is refused, and told why", "[state]") {
    const ScratchKey key;
    write_config(config_for({key.path()}));
    Service service;
    service.start();
    const CommandResult second = regwatch("run");
    INFO(second.output);
    CHECK(second.exit_code == static_cast<std::uint32_t>(ExitCode::data_directory_unusable));
    CHECK_THAT(second.output, ContainsSubstring("another RegWatch is running with it"));
    key.set("", "Still", 1);
    CHECK(eventually([] { return !last_record_of("Still").is_null(); }));
    CHECK(service.stop().exit_code == 0);
}

}  // namespace regwatch::e2e
