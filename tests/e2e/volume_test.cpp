// More changes at once than anybody reads, through two actions.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "change/event_id.h"
#include "e2e/command.h"
#include "e2e/config.h"
#include "e2e/event_log.h"
#include "e2e/records.h"
#include "e2e/scratch_key.h"
#include "e2e/service.h"

namespace regwatch::e2e {
namespace {

using nlohmann::json;

constexpr int kKeys = 100;
constexpr int kValuesOfAKey = 100;
constexpr std::size_t kChanges = std::size_t{kKeys} * kValuesOfAKey;

std::vector<std::uint64_t> all_numbers() {
    std::vector<std::uint64_t> numbers(kChanges);
    for (std::size_t i = 0; i < kChanges; ++i) numbers[i] = i + 1;
    return numbers;
}

std::vector<std::uint64_t> numbers_in_log() {
    std::vector<std::uint64_t> numbers;
    for (const json& record : logged_changes()) numbers.push_back(record["event"]["sequence"]);
    return numbers;
}

std::vector<std::uint64_t> numbers_in(const ReportedEvents& events) {
    std::vector<std::uint64_t> numbers;
    for (const auto& event : events.with_id(static_cast<std::uint16_t>(EventId::value_created)))
        numbers.push_back(std::stoull(event.inserts.at(8)));
    return numbers;
}

}  // namespace

TEST_CASE("of ten thousand changes the log and the Event Log have each one once and in order",
          "[volume]") {
    const ScratchKey key;
    std::vector<std::string> keys;
    for (int i = 0; i < kKeys; ++i) {
        keys.push_back(key.path() + "\\K" + std::to_string(i));
        key.create("K" + std::to_string(i));
    }
    write_config(
        config_for(keys, {{"log", {{"type", "log"}}}, {"eventlog", {{"type", "eventlog"}}}}));
    Service service;
    const ReportedEvents events;
    service.start();
    for (int value = 0; value < kValuesOfAKey; ++value) {
        for (int i = 0; i < kKeys; ++i)
            key.set("K" + std::to_string(i), "V" + std::to_string(value), value);
    }
    CHECK(eventually([] { return numbers_in_log().size() >= kChanges; }));
    CHECK(eventually([&] { return numbers_in(events).size() >= kChanges; }));
    CHECK(service.stop().exit_code == 0);
    CHECK((numbers_in_log() == all_numbers()));
    CHECK((numbers_in(events) == all_numbers()));
    for (const EventId limit :
         {EventId::queue_full, EventId::changes_limited, EventId::not_delivered})
        CHECK(events.with_id(static_cast<std::uint16_t>(limit)).empty());
}

}  // namespace regwatch::e2e
