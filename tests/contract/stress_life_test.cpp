// Keys that come, go, come back, are renamed, hidden or seen in two views, while they are watched.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string>

#include "contract/bound.h"
#include "contract/stress_bench.h"

namespace regwatch::test {
namespace {

TEST_CASE("a key that is missing is found when it comes, level by level or all at once") {
    const bool at_once = GENERATE(false, true);
    StressBench bench;
    Watched watched(bench, u"a\\b\\c\\k");
    watched.start();
    CHECK(watched.reaches(WatchState::waiting));
    if (!at_once) {
        for (const char16_t* level : {u"a", u"a\\b", u"a\\b\\c"}) {
            bench.editor().create_key(level);
        }
    }
    bench.editor().create_key(u"a\\b\\c\\k");
    CHECK(watched.reaches(WatchState::watching));
    bench.write(u"a\\b\\c\\k", 1);
    CHECK(watched.seen().wait_for_value(u"v", dword(1)));
    check_rules(bench, watched);
}

TEST_CASE("a key made between the failed open and the registration of its ancestor is found") {
    const Point point = GENERATE(Point::after_signal, Point::before_register, Point::after_register,
                                 Point::before_arm);
    CAPTURE(static_cast<int>(point));
    for (int round = 0; round < 10; ++round) {
        StressBench bench;
        bench.editor().create_key(u"p");
        Watched watched(bench, u"p\\q\\k");
        bench.points().park(point, u"p");
        watched.start_without_waiting();
        REQUIRE(bench.points().wait_until_parked(point));
        bench.editor().create_key(u"p\\q\\k");
        bench.write(u"p\\q\\k", 1);
        bench.points().release(point);
        CHECK(watched.seen().wait_for_value(u"v", dword(1)));
        CHECK(watched.reaches(WatchState::watching));
        check_rules(bench, watched);
    }
}

TEST_CASE("a key made between the failed open and a seat at a registered ancestor is found") {
    StressBench bench;
    bench.editor().create_key(u"p");
    Watched other(bench, u"p\\other");
    other.start();
    REQUIRE(other.reaches(WatchState::waiting));
    Watched watched(bench, u"p\\k");
    bench.points().park(Point::after_open, u"k");
    watched.start_without_waiting();
    REQUIRE(bench.points().wait_until_parked(Point::after_open));
    // The signal of this creation is used up by the other one, which has the ancestor to itself.
    const auto signals = [&] { return bench.points().count(Point::after_signal, u"p"); };
    const auto armed = [&] {
        return bench.points().count(Point::before_arm, u"p") == signals() + 1;
    };
    REQUIRE(comes_true(armed));
    const int before = signals();
    bench.editor().create_key(u"p\\k");
    REQUIRE(comes_true([&] { return signals() > before && armed(); }));
    bench.points().release(Point::after_open);
    CHECK(watched.reaches(WatchState::watching));
    bench.write(u"p\\k", 1);
    CHECK(watched.seen().wait_for_value(u"v", dword(1)));
    check_rules(bench, watched);
}

TEST_CASE("an ancestor that is deleted while its key is waited for does not make it deaf") {
    StressBench bench;
    bench.editor().create_key(u"a\\b\\c");
    Watched watched(bench, u"a\\b\\c\\k");
    watched.start();
    REQUIRE(watched.reaches(WatchState::waiting));
    for (std::uint32_t round = 1; round <= 10; ++round) {
        bench.editor().delete_key(u"a\\b\\c");
        bench.editor().create_key(u"a\\b\\c\\k");
        bench.write(u"a\\b\\c\\k", round);
        REQUIRE(watched.seen().wait_for_value(u"v", dword(round)));
        bench.editor().delete_key(u"a\\b\\c\\k");
        REQUIRE(watched.seen().wait_until_missing());
        REQUIRE(watched.reaches(WatchState::waiting));
    }
    check_rules(bench, watched);
}

TEST_CASE("a key that is deleted is seen to be gone, empty, with content, and from above") {
    const std::u16string deleted = GENERATE(std::u16string(u"a\\k"), std::u16string(u"a"));
    const int content = GENERATE(0, 1, 2);
    CAPTURE(deleted.size(), content);
    StressBench bench;
    bench.editor().create_key(u"a\\k");
    if (content == 1) bench.write(u"a\\k", 1);
    if (content == 2) bench.editor().create_key(u"a\\k\\below");
    Watched watched(bench, u"a\\k");
    watched.start();
    REQUIRE(watched.reaches(WatchState::watching));
    bench.editor().delete_key(deleted);
    CHECK(watched.seen().wait_until_missing());
    CHECK(watched.reaches(WatchState::waiting));
    CHECK(watched.seen().count(DifferenceKind::key_deleted) >= 1);
    bench.editor().create_key(u"a\\k");
    bench.write(u"a\\k", 2);
    CHECK(watched.seen().wait_for_value(u"v", dword(2)));
    check_rules(bench, watched);
}

TEST_CASE("a key deleted and made again before anybody looked is watched as the new one") {
    StressBench bench;
    bench.editor().create_key(u"p\\k");
    bench.write(u"p\\k", 1);
    Watched watched(bench, u"p\\k");
    watched.start();
    for (std::uint32_t round = 1; round <= 20; ++round) {
        bench.points().park(Point::after_signal);
        bench.editor().delete_key(u"p\\k");
        REQUIRE(bench.points().wait_until_parked(Point::after_signal));
        bench.editor().create_key(u"p\\k");
        bench.write(u"p\\k", round);
        bench.points().release(Point::after_signal);
        // What the key held before is nothing to the new one; a change of that one is.
        bench.write(u"p\\k", round + 1);
        REQUIRE(watched.seen().wait_for_value(u"v", dword(round + 1)));
        CHECK(watched.seen().count(DifferenceKind::key_created) ==
              watched.seen().count(DifferenceKind::key_deleted));
    }
    check_rules(bench, watched);
}

TEST_CASE("a key deleted and made again in a fast loop costs bounded work and ends right") {
    constexpr std::uint32_t kRounds = 300;
    StressBench bench(Timers::real);
    bench.editor().create_key(u"p");
    Watched watched(bench, u"p\\k");
    watched.start();
    for (std::uint32_t round = 1; round <= kRounds; ++round) {
        bench.editor().create_key(u"p\\k");
        bench.write(u"p\\k", round);
        if (round < kRounds) bench.editor().delete_key(u"p\\k");
    }
    CHECK(watched.seen().wait_for_value(u"v", dword(kRounds)));
    CHECK(watched.reaches(WatchState::watching));
    CHECK(bench.points().opened(u"k") < static_cast<int>(kRounds) * 20);
    bench.editor().delete_key(u"p\\k");
    CHECK(watched.seen().wait_until_missing());
    check_rules(bench, watched);
}

TEST_CASE("a key that is renamed is known to be gone when the sweep looks, if not before") {
    StressBench bench;
    bench.editor().create_key(u"p\\k");
    bench.write(u"p\\k", 1);
    Watched watched(bench, u"p\\k");
    watched.start();
    REQUIRE(watched.reaches(WatchState::watching));
    bench.editor().rename_key(u"p\\k", u"renamed");
    bench.timers().fire();
    CHECK(watched.seen().wait_until_missing());
    CHECK(watched.reaches(WatchState::waiting));
    bench.editor().rename_key(u"p\\renamed", u"k");
    CHECK(comes_true([&] {
        bench.timers().fire();
        return watched.state() == WatchState::watching;
    }));
    bench.write(u"p\\k", 2);
    CHECK(watched.seen().wait_for_value(u"v", dword(2)));
    check_rules(bench, watched);
}

TEST_CASE("a key that may not be read is tried again until it may, and says so once") {
    StressBench bench;
    bench.editor().create_key(u"k");
    bench.write(u"k", 1);
    bench.editor().deny(u"k");
    Watched watched(bench, u"k");
    watched.start();
    CHECK(watched.state() == WatchState::retrying);
    Duration before = bench.timers().last_delay();
    for (int i = 0; i < 3; ++i) {
        const int opened = bench.points().opened(u"k");
        bench.timers().fire();
        REQUIRE(comes_true([&] {
            return bench.points().opened(u"k") > opened && bench.timers().last_delay() > before;
        }));
        CHECK(bench.timers().last_delay() == before * 2);
        before = bench.timers().last_delay();
    }
    CHECK(bench.journal().count(EventId::key_denied) == 1);
    bench.editor().allow(u"k");
    bench.timers().fire();
    CHECK(watched.reaches(WatchState::watching));
    bench.write(u"k", 2);
    CHECK(watched.seen().wait_for_value(u"v", dword(2)));
    check_rules(bench, watched);
}

TEST_CASE("a key that is denied while it is open goes on being watched, and is let go with it") {
    StressBench bench;
    bench.editor().create_key(u"p\\k");
    Watched watched(bench, u"p\\k");
    watched.start();
    bench.editor().deny(u"p\\k");
    bench.write(u"p\\k", 1);
    CHECK(watched.seen().wait_for_value(u"v", dword(1)));
    bench.editor().allow(u"p\\k");
    bench.editor().delete_key(u"p\\k");
    CHECK(watched.seen().wait_until_missing());
    check_rules(bench, watched);
}

TEST_CASE("each view is watched for itself, also after its key was made again") {
    StressBench bench;
    bench.editor().create_key(u"k", View::bits64);
    bench.editor().create_key(u"k", View::bits32);
    Watched wide(bench, u"k", Scope::key, View::bits64);
    Watched narrow(bench, u"k", Scope::key, View::bits32);
    wide.start();
    narrow.start();
    bench.editor().create_key(u"k\\narrow", View::bits32);
    CHECK(narrow.seen().wait_until([](const Recorder& r) { return r.difference_count() == 1; }));
    bench.editor().delete_key(u"k");
    CHECK(wide.seen().wait_until_missing());
    bench.editor().create_key(u"k\\wide", View::bits64);
    CHECK(wide.seen().wait_until([](const Recorder& r) {
        const auto state = r.state();
        return state && state->subkeys.size() == 1 && state->subkeys[0].name == u"wide";
    }));
    bench.editor().create_key(u"k\\narrow\\deeper", View::bits32);
    bench.editor().create_key(u"k\\second", View::bits32);
    CHECK(narrow.seen().wait_until([](const Recorder& r) { return r.difference_count() == 2; }));
    CHECK(narrow.state() == WatchState::watching);
    check_rules(bench, wide);
    check_rules(bench, narrow);
}

}  // namespace
}  // namespace regwatch::test
