#include "change/event_id.h"

#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>

#include "change/change.h"

using namespace regwatch;

TEST_CASE("every event of the list is found by its number") {
    REQUIRE(all_event_kinds().size() > 20);
    std::set<std::string> names;
    for (const EventKind& kind : all_event_kinds()) {
        CHECK(&kind_of(kind.id) == &kind);
        CHECK(names.insert(kind.name).second);
        CHECK_FALSE(std::string(kind.text).empty());
    }
    CHECK(std::string(kind_of(EventId::value_changed).name) == "value_changed");
    CHECK(static_cast<int>(EventId::value_changed) == 1001);
}

TEST_CASE("a number that is not in the list has no text") {
    CHECK(std::string(kind_of(static_cast<EventId>(7)).text).empty());
    CHECK(std::string(kind_of(static_cast<EventId>(0xFFFF)).text).empty());
}

TEST_CASE("numbers keep to the range of their category") {
    for (const EventKind& kind : all_event_kinds()) {
        CAPTURE(kind.name);
        const int number = static_cast<int>(kind.id);
        switch (kind.category) {
            case EventCategory::service:
                CHECK((number / 100 == 1 || number / 100 == 50));  // 50: the state
                break;
            case EventCategory::configuration:
                CHECK(number / 100 == 2);
                break;
            case EventCategory::watch:
                CHECK((number / 100 == 3 || number / 100 == 4));  // 4: what is expected
                break;
            case EventCategory::change:
                CHECK(number / 100 == 10);
                break;
            case EventCategory::action:
                CHECK(number / 100 == 20);
                break;
            case EventCategory::security:
                CHECK(number / 100 == 20);  // of a program that is run
                break;
            case EventCategory::delivery:
                CHECK((number / 100 == 40 || number / 100 == 50));  // 50: what is kept
                break;
        }
    }
}

TEST_CASE("severities and detections have their names") {
    CHECK(std::string(name_of(Severity::info)) == "info");
    CHECK(std::string(name_of(Severity::low)) == "low");
    CHECK(std::string(name_of(Severity::medium)) == "medium");
    CHECK(std::string(name_of(Severity::high)) == "high");
    CHECK(std::string(name_of(Severity::critical)) == "critical");
    CHECK(std::string(name_of(Detection::hive_load)) == "hive_load");
}
