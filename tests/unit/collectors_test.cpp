// The samples for collectors ask for the events that there are: for all that are changes, and for no
// others by their numbers.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <regex>
#include <string>

#include "change/event_entry.h"
#include "support/markdown.h"
#include "support/samples.h"

namespace regwatch {
namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(REGWATCH_SOURCE_DIR) / "config" / "collectors";

struct Range {
    unsigned first = 0;
    unsigned last = 0;
};

// How each of the samples writes a range of event numbers.
Range range_in(const std::string& text) {
    const std::regex forms[] = {
        std::regex("EventID &gt;= (\\d+) and EventID &lt;= (\\d+)"),
        std::regex("event_id: (\\d+)-(\\d+)"),
    };
    std::smatch match;
    for (const std::regex& form : forms) {
        if (std::regex_search(text, match, form))
            return {static_cast<unsigned>(std::stoul(match[1])),
                    static_cast<unsigned>(std::stoul(match[2]))};
    }
    FAIL("no range of events");
    return {};
}

TEST_CASE("the samples for collectors ask for every event that is a change, and for no other") {
    for (const char* name : {"wef-subscription.xml", "winlogbeat.yml", "nxlog.conf"}) {
        INFO(name);
        const Range range = range_in(test::read_text(kFolder / name));
        for (const EventKind& kind : all_event_kinds()) {
            const auto id = static_cast<unsigned>(kind.id);
            INFO(kind.name);
            CHECK((id >= range.first && id <= range.last) ==
                  (kind.category == EventCategory::change));
        }
    }
}

TEST_CASE("the sample for Winlogbeat names every insert once") {
    const std::string text = test::read_text(kFolder / "winlogbeat.yml");
    const std::size_t inserts =
        event_entry(test::value_change(test::dword(1), test::dword(2))).inserts.size();
    for (std::size_t i = 1; i <= inserts; ++i) {
        const std::string field = "winlog.event_data.param" + std::to_string(i) + ",";
        INFO(field);
        const std::size_t found = text.find(field);
        REQUIRE(found != std::string::npos);
        CHECK(text.find(field, found + 1) == std::string::npos);
    }
    CHECK(text.find("param" + std::to_string(inserts + 1)) == std::string::npos);
}

}  // namespace
}  // namespace regwatch
