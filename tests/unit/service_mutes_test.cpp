#include "service/mutes.h"

#include <catch2/catch_test_macros.hpp>

#include "service/history_text.h"

using namespace regwatch;
using namespace std::chrono_literals;

namespace {

WallTime at(const char* text) { return parse_moment(text, WallTime{}).value(); }

const WallTime kNow = at("2026-11-02T10:15:30");

}  // namespace

TEST_CASE("what is muted is read as it was written") {
    const std::vector<Mute> mutes = {{"run", at("2026-11-02T12:00:00")}, {"", at("2026-11-03")}};
    const auto read = parse_mutes(mutes_json(mutes));
    REQUIRE(read);
    CHECK(*read == mutes);
    CHECK(parse_mutes(mutes_json({}))->empty());
}

TEST_CASE("what is no list of mutes is refused") {
    for (const char* text :
         {"", "[]", "{}", R"({"mutes":1})", R"({"mutes":[1]})", R"({"mutes":[{"watch":"a"}]})",
          R"({"mutes":[{"watch":"a","until":"tomorrow"}]})"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_mutes(text));
    }
}

TEST_CASE("a mute takes the place of the one before it, and one that is over is left out") {
    std::vector<Mute> mutes = with_mute({}, {"run", kNow + 1h}, kNow);
    mutes = with_mute(std::move(mutes), {"", kNow + 10min}, kNow);
    mutes = with_mute(std::move(mutes), {"run", kNow + 2h}, kNow);
    CHECK(mutes == std::vector<Mute>{{"", kNow + 10min}, {"run", kNow + 2h}});
    mutes = with_mute(std::move(mutes), {"other", kNow + 3h}, kNow + 1h);
    CHECK(mutes == std::vector<Mute>{{"run", kNow + 2h}, {"other", kNow + 3h}});
    CHECK(with_mute(std::move(mutes), {"run", kNow}, kNow) ==
          std::vector<Mute>{{"other", kNow + 3h}});
}
