#include "text/time.h"

#include <catch2/catch_test_macros.hpp>

using namespace regwatch;
using namespace std::chrono_literals;

TEST_CASE("a time is written in UTC with all its digits") {
    constexpr std::chrono::sys_days day{2026y / std::chrono::November / 2};
    CHECK(to_iso_text(day + 10h + 15min + 30s + WallTicks{1234567}) ==
          "2026-11-02T10:15:30.1234567Z");
    CHECK(to_iso_text(WallTime{}) == "1970-01-01T00:00:00.0000000Z");
}

TEST_CASE("a time before 1970 counts forward within its second") {
    CHECK(to_iso_text(WallTime{WallTicks{-1}}) == "1969-12-31T23:59:59.9999999Z");
    constexpr std::chrono::sys_days day{1601y / std::chrono::January / 1};
    CHECK(to_iso_text(day) == "1601-01-01T00:00:00.0000000Z");
}

TEST_CASE("the last and the first time there can be are written") {
    CHECK(to_iso_text(WallTime::max()) == "31197-09-14T02:48:05.4775807Z");
    CHECK(to_iso_text(WallTime::min()) == "-27258-04-19T21:11:54.5224192Z");
}
