// Rate limit and mute: values that are told the time.
#include <catch2/catch_test_macros.hpp>

#include "delivery/mute.h"
#include "delivery/rate_limit.h"
#include "delivery/retry.h"

namespace regwatch {
namespace {

using namespace std::chrono_literals;

SteadyTime at(Duration since) { return SteadyTime(since); }

TEST_CASE("a rate limit lets its number through at once and then one by one") {
    RateLimit limit({60, 0});
    int passed = 0;
    for (int i = 0; i < 100; ++i) passed += limit.pass("w", at(0s)) ? 1 : 0;
    CHECK(passed == 60);
    CHECK_FALSE(limit.pass("w", at(900ms)));
    CHECK(limit.pass("w", at(1s)));
    CHECK_FALSE(limit.pass("w", at(1s)));
}

TEST_CASE("each watch has its own rate, and all together have one") {
    RateLimit limit({10, 15});
    int first = 0;
    int second = 0;
    for (int i = 0; i < 20; ++i) first += limit.pass("one", at(0s)) ? 1 : 0;
    for (int i = 0; i < 20; ++i) second += limit.pass("two", at(0s)) ? 1 : 0;
    CHECK(first == 10);
    CHECK(second == 5);
}

TEST_CASE("what a rate limit left out is summed up every minute") {
    RateLimit limit({1, 0});
    CHECK(limit.pass("w", at(0s)));
    CHECK_FALSE(limit.pass("w", at(1s)));
    CHECK_FALSE(limit.pass("w", at(2s)));
    CHECK(limit.take_summaries(at(3s)).empty());
    CHECK(limit.next_summary() == at(61s));
    auto summaries = limit.take_summaries(at(61s));
    REQUIRE(summaries.size() == 1);
    CHECK(summaries[0].left_out == 2);
    CHECK(summaries[0].during == 60s);
    CHECK(limit.take_summaries(at(62s)).empty());
    CHECK(limit.pass("w", at(62s)));
    CHECK_FALSE(limit.pass("w", at(63s)));
    CHECK(limit.pass("w", at(122s)));
    CHECK(limit.take_summaries(at(122s)).empty());
    summaries = limit.take_summaries(at(150s));
    REQUIRE(summaries.size() == 1);
    CHECK(summaries[0].left_out == 1);
    CHECK(limit.take_rest(at(151s)).empty());
}

TEST_CASE(
    "a storm that lasts is summed up once a minute, although one change of it passes each second") {
    RateLimit limit({60, 0});
    std::uint64_t passed = 0;
    std::uint64_t told = 0;
    std::size_t summaries = 0;
    constexpr int kTenths = 10 * 60 * 10;  // ten minutes
    for (int i = 0; i < kTenths; ++i) {
        passed += limit.pass("w", at(100ms * i)) ? 1U : 0U;
        for (const auto& summary : limit.take_summaries(at(100ms * i))) {
            ++summaries;
            told += summary.left_out;
        }
    }
    CHECK(passed > 600);
    CHECK(summaries <= 10);
    for (const auto& summary : limit.take_rest(at(10min))) told += summary.left_out;
    CHECK(passed + told == kTenths);
}

TEST_CASE("no limit leaves nothing out") {
    RateLimit limit({});
    for (int i = 0; i < 10'000; ++i) CHECK(limit.pass("w", at(0s)));
}

WallTime wall(int day, int hour, int minute) {
    using namespace std::chrono;
    return WallTime(sys_days(2026y / November / day)) + hours(hour) + minutes(minute);
}

TEST_CASE("a muted watch is silent until the time is over, and then it is said of how much") {
    Mutes mutes;
    mutes.set({{"w", wall(2, 12, 0)}});
    CHECK(mutes.swallows("w", wall(2, 11, 0)));
    CHECK(mutes.swallows("w", wall(2, 11, 59)));
    CHECK_FALSE(mutes.swallows("other", wall(2, 11, 0)));
    CHECK(mutes.take_summaries(wall(2, 11, 59)).empty());
    const auto summaries = mutes.take_summaries(wall(2, 12, 0));
    REQUIRE(summaries.size() == 1);
    CHECK(summaries[0].watch == "w");
    CHECK(summaries[0].left_out == 2);
    CHECK(summaries[0].since == wall(2, 11, 0));
    CHECK_FALSE(mutes.swallows("w", wall(2, 12, 0)));
}

TEST_CASE("a mute without a watch is for all of them, and unmuting ends it") {
    Mutes mutes;
    mutes.set({{"", wall(2, 12, 0)}});
    CHECK(mutes.swallows("one", wall(2, 11, 0)));
    mutes.set({});
    CHECK(mutes.take_summaries(wall(2, 11, 1)).size() == 1);
    CHECK_FALSE(mutes.swallows("one", wall(2, 11, 1)));
}

TEST_CASE("a schedule mutes at its times, over midnight too") {
    const auto night = MuteWindow::parse("22:00-02:30");
    REQUIRE(night);
    CHECK(night->covers(wall(2, 22, 0)));
    CHECK(night->covers(wall(3, 2, 29)));
    CHECK_FALSE(night->covers(wall(3, 2, 30)));
    CHECK_FALSE(night->covers(wall(3, 21, 59)));
    const auto friday = MuteWindow::parse("Fri 22:00-02:00");  // the sixth of November is one
    REQUIRE(friday);
    CHECK(friday->covers(wall(6, 23, 0)));
    CHECK(friday->covers(wall(7, 1, 0)));
    CHECK_FALSE(friday->covers(wall(6, 1, 0)));
    CHECK_FALSE(friday->covers(wall(7, 23, 0)));
    const auto weekend = MuteWindow::parse("Sat,Sun 00:00-24:00");
    REQUIRE(weekend);
    CHECK(weekend->covers(wall(8, 23, 59)));
    CHECK_FALSE(weekend->covers(wall(9, 0, 0)));
}

TEST_CASE("a schedule that makes no sense is refused") {
    for (const char* text : {"", "22:00", "22:00-", "22:00-22:00", "24:00-01:00", "25:00-26:00",
                             "9:00-10:00", "Mon22:00-23:00", "Foo 22:00-23:00", "Mon, 22:00-23:00",
                             "22:60-23:00", "22:00-23:00x", " 22:00-23:00"}) {
        INFO(text);
        CHECK_FALSE(MuteWindow::parse(text));
    }
}

TEST_CASE("the delays between tries grow twofold up to the longest") {
    const RetryPolicy policy;
    CHECK(policy.delay_after(1) == 1s);
    CHECK(policy.delay_after(2) == 2s);
    CHECK(policy.delay_after(6) == 32s);
    CHECK(policy.delay_after(7) == 60s);
    CHECK(policy.delay_after(1'000'000) == 60s);
}

}  // namespace
}  // namespace regwatch
