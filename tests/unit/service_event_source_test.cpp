#include "service/event_source.h"

#include <catch2/catch_test_macros.hpp>

using namespace regwatch;

TEST_CASE("an event source is ours when its texts are in a file of our name, wherever that is") {
    CHECK_FALSE(is_foreign_message_file("C:\\Program Files\\RegWatch\\regwatch-events.dll"));
    CHECK_FALSE(is_foreign_message_file("D:\\Old\\REGWATCH-EVENTS.DLL"));
    CHECK_FALSE(is_foreign_message_file("regwatch-events.dll"));
    CHECK_FALSE(is_foreign_message_file("C:\\More\\more.dll;C:\\R\\regwatch-events.dll"));
}

TEST_CASE("an event source with the texts of another program is foreign") {
    CHECK(is_foreign_message_file("C:\\Windows\\System32\\EventCreate.exe"));
    CHECK(is_foreign_message_file("C:\\Other\\xregwatch-events.dll"));
    CHECK(is_foreign_message_file("C:\\regwatch-events.dll\\other.dll"));
    CHECK(is_foreign_message_file(""));
}
