// A key that the service may not read.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <nlohmann/json.hpp>

#include "change/event_id.h"
#include "e2e/command.h"
#include "e2e/config.h"
#include "e2e/event_log.h"
#include "e2e/records.h"
#include "e2e/registry.h"
#include "e2e/scratch_key.h"
#include "e2e/service.h"

namespace regwatch::e2e {
namespace {

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

constexpr auto kDenied = static_cast<std::uint16_t>(EventId::key_denied);

TEST_CASE("a key that may not be read is said once, and watched once it may be read", "[denied]") {
    const ScratchKey key;
    const std::string closed = key.path() + "\\Closed";
    key.set("Closed", "Value", 1);
    key.set("Open", "Value", 1);
    write_config(config_for({closed, key.path() + "\\Open"}));
    const ReportedEvents events;
    Service service;
    {
        const ReadingDenied denied(closed);
        CHECK(run("reg.exe query " + closed).exit_code != 0);
        service.start();
        REQUIRE(eventually([&] { return !events.with_id(kDenied).empty(); }));
        const auto told = events.with_id(kDenied).front();
        CHECK(told.inserts.at(0) == "test");
        CHECK(told.inserts.at(1) == closed);

        key.set("Open", "Value", 2);
        CHECK(eventually([] { return logged_changes().size() == 1; }));
        // It is tried again after 1, 2 and 4 seconds.
        CHECK(keeps(std::chrono::seconds(8), [&] { return events.with_id(kDenied).size() == 1; }));
    }
    REQUIRE(eventually(
        [&] { return diagnostic_log().find("watching the key " + closed) != std::string::npos; }));
    key.set("Closed", "Value", 3);
    const auto record = [] {
        const json last = last_record_of("Value");
        return !last.is_null() && last["regwatch"]["data"]["number"] == 3 ? last : json();
    };
    REQUIRE(eventually([&] { return !record().is_null(); }));
    CHECK(record()["registry"]["path"] == closed + "\\Value");
    CHECK(record()["registry"]["previous"]["data"]["strings"] == json::array({"1"}));
    CHECK(events.with_id(kDenied).size() == 1);
}

}  // namespace
}  // namespace regwatch::e2e
