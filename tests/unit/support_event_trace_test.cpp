#include "support/event_trace.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace regwatch::test {
namespace {

// As Wine 8 writes it.
std::string head(const std::string& thread, const std::string& id, int inserts) {
    return thread + ":fixme:advapi:ReportEventW (00000000CAFE4242,0x0002,0x0004," + id +
           ",0000000000000000,0x000" + std::to_string(inserts) +
           ",0x00000000,0000000000C5BB20,0000000000000000): stub\n";
}

std::string insert(const std::string& thread, const std::string& text) {
    return thread + ":warn:eventlog:ReportEventW L\"" + text + "\"\n";
}

TEST_CASE("a traced event has its numbers and its inserts") {
    const auto events =
        parse_event_trace(head("015c", "0x800003f2", 3) + insert("015c", "machine-run") +
                          insert("015c", "") + insert("015c", "tags"));
    REQUIRE(events.size() == 1);
    CHECK(events[0].id == 0x800003F2);
    CHECK(events[0].type == 2);
    CHECK(events[0].category == 4);
    CHECK(events[0].inserts == std::vector<std::u16string>{u"machine-run", u"", u"tags"});
}

TEST_CASE("an event without inserts is one") {
    const auto events = parse_event_trace(head("01", "0x1", 0) + head("01", "0x2", 0));
    REQUIRE(events.size() == 2);
    CHECK(events[0].id == 1);
    CHECK(events[1].id == 2);
}

TEST_CASE("escapes in the trace become what was reported") {
    const auto events = parse_event_trace(head("01", "0x1", 1) +
                                          insert("01", R"(HKLM\\A \"b\" \t\r\n\200b\fffd%1)"));
    REQUIRE(events.size() == 1);
    CHECK(events[0].inserts[0] == u"HKLM\\A \"b\" \t\r\n\u200b\ufffd%1");
}

TEST_CASE("an insert that the trace cut is kept as far as it goes") {
    const auto events =
        parse_event_trace(head("01", "0x1", 1) + "01:warn:eventlog:ReportEventW L\"begin\"...\n");
    REQUIRE(events.size() == 1);
    CHECK(events[0].inserts[0] == u"begin");
}

TEST_CASE("events of two threads do not mix, however their lines do") {
    const auto events =
        parse_event_trace(head("01", "0x1", 2) + insert("01", "a") + head("02", "0x2", 1) +
                          insert("02", "b") + insert("01", "c"));
    REQUIRE(events.size() == 2);
    CHECK(events[0].inserts == std::vector<std::u16string>{u"b"});
    CHECK(events[1].inserts == std::vector<std::u16string>{u"a", u"c"});
}

TEST_CASE("an event that is still being written is not there yet") {
    const std::string whole = head("01", "0x1", 1) + insert("01", "complete");
    CHECK(parse_event_trace(whole).size() == 1);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        INFO("after " << length << " bytes");
        CHECK(parse_event_trace(whole.substr(0, length)).empty());
    }
}

TEST_CASE("what else is traced is passed over") {
    const auto events = parse_event_trace(
        "00d0:trace:eventlog:ServiceMain starting Event Log Service\r\n\n"
        "0144:fixme:advapi:RegisterEventSourceW ((null),L\"RegWatch\"): stub\n" +
        insert("03", "of nothing") + head("01", "0x1", 1) + insert("01", "x") +
        insert("01", "of nothing"));
    REQUIRE(events.size() == 1);
    CHECK(events[0].inserts == std::vector<std::u16string>{u"x"});
}

}  // namespace
}  // namespace regwatch::test
