// When a value is set to what is expected of it, and when that ends.
#include "action/holding.h"

#include <catch2/catch_test_macros.hpp>

#include "support/samples.h"

namespace regwatch {
namespace {

using namespace std::chrono_literals;
using News = Holding::News;

const std::optional<ValueData> kGood = test::dword(1);
const std::optional<ValueData> kBad = test::dword(2);
const SteadyTime kBegin{};

News see(Holding& holding, const std::optional<ValueData>& found, SteadyTime now,
         bool enforce = true) {
    return holding.see(found, found == kGood, enforce, now);
}

TEST_CASE("what is as expected from the start is no news") {
    Holding holding;
    CHECK(see(holding, kGood, kBegin) == News::none);
    CHECK_FALSE(holding.due());
}

TEST_CASE("without enforcing each other state is told once, and the end of it") {
    Holding holding;
    CHECK(see(holding, kBad, kBegin, false) == News::deviates);
    CHECK(see(holding, kBad, kBegin + 1h, false) == News::none);
    CHECK(see(holding, std::nullopt, kBegin + 2h, false) == News::deviates);
    CHECK(see(holding, kGood, kBegin + 3h, false) == News::as_expected_again);
    CHECK(see(holding, kGood, kBegin + 4h, false) == News::none);
    CHECK_FALSE(holding.due());
}

TEST_CASE("pauses grow from one restoration to the next, and the fight ends after five") {
    Holding holding;
    SteadyTime now = kBegin;
    for (const Duration pause : {0s, 1s, 2s, 4s, 8s}) {
        REQUIRE(see(holding, kBad, now) == News::to_be_written);
        CHECK(*holding.due() - now <= pause);
        now = std::max(now, *holding.due());
        holding.begin_writing();
        holding.written(now);
        CHECK_FALSE(holding.due());
        CHECK(see(holding, kGood, now) == News::none);
    }
    CHECK(now == kBegin + 15s);
    CHECK(see(holding, kBad, now) == News::gave_up);
    CHECK(holding.due() == now + Holding::kQuiet);  // though nobody looks again
    CHECK(see(holding, kBad, now + 1min) == News::none);
    CHECK(holding.due() == now + Holding::kQuiet);
    CHECK(see(holding, kBad, now + 10min) == News::to_be_written);
}

TEST_CASE("who writes while it is left alone begins the quiet time anew") {
    Holding holding;
    SteadyTime now = kBegin;
    for (unsigned i = 0; i < Holding::kMostInARow; ++i) {
        (void)see(holding, kBad, now);
        holding.begin_writing();
        holding.written(now);
    }
    CHECK(see(holding, kBad, now) == News::gave_up);
    CHECK(see(holding, std::nullopt, now + 9min) == News::none);
    CHECK(see(holding, std::nullopt, now + 12min) == News::none);
    CHECK(see(holding, std::nullopt, now + 19min) == News::to_be_written);
}

TEST_CASE("a failure that passes is tried again, one that stays waits for the next look") {
    Holding holding;
    (void)see(holding, kBad, kBegin);
    holding.begin_writing();
    holding.failed(true, kBegin);
    CHECK(holding.due() == kBegin + 1s);
    holding.begin_writing();
    holding.failed(true, kBegin + 1s);
    CHECK(holding.due() == kBegin + 3s);
    holding.begin_writing();
    holding.failed(false, kBegin + 3s);
    CHECK_FALSE(holding.due());
    CHECK(see(holding, kBad, kBegin + 1h) == News::to_be_written);
}

TEST_CASE("what somebody writes while it is being written is not overlooked") {
    Holding holding;
    (void)see(holding, kBad, kBegin);
    holding.begin_writing();
    CHECK(see(holding, kBad, kBegin) == News::to_be_written);
    holding.written(kBegin);
    CHECK(holding.due() == kBegin + 1s);
}

}  // namespace
}  // namespace regwatch
