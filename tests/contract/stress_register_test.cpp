// Register, read, wait: a change at any place in this circle is seen.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string>

#include "contract/stress_bench.h"

namespace regwatch::test {
namespace {

TEST_CASE("a change made while the circle stands still at any of its points is seen") {
    const Point point = GENERATE(Point::after_signal, Point::before_register, Point::after_register,
                                 Point::before_read, Point::after_read, Point::before_arm);
    CAPTURE(static_cast<int>(point));
    StressBench bench;
    bench.editor().create_key(u"k");
    bench.write(u"k", 0);
    Watched watched(bench, u"k");
    watched.start();
    for (std::uint32_t round = 1; round <= 20; ++round) {
        bench.points().park(point, u"k");
        bench.write(u"k", 2 * round - 1);
        REQUIRE(bench.points().wait_until_parked(point));
        bench.write(u"k", 2 * round);
        bench.points().release(point);
        REQUIRE(watched.seen().wait_for_value(u"v", dword(2 * round)));
    }
    check_rules(bench, watched);
}

TEST_CASE("a change made during the first registration or the first look is not lost") {
    const Point point = GENERATE(Point::after_signal, Point::before_register, Point::after_register,
                                 Point::before_read, Point::after_read);
    CAPTURE(static_cast<int>(point));
    StressBench bench;
    bench.editor().create_key(u"k");
    bench.write(u"k", 1);
    Watched watched(bench, u"k");
    bench.points().park(point, u"k");
    watched.start_without_waiting();
    REQUIRE(bench.points().wait_until_parked(point));
    bench.write(u"k", 2);
    bench.points().release(point);
    CHECK(watched.seen().wait_for_value(u"v", dword(2)));
    // What came before the values were read is part of the baseline.
    if (point != Point::after_read) CHECK(watched.seen().difference_count() == 0);
    check_rules(bench, watched);
}

TEST_CASE("a value that is set and set back before the look makes no difference") {
    StressBench bench;
    bench.editor().create_key(u"k");
    bench.write(u"k", 1);
    Watched watched(bench, u"k");
    watched.start();
    const std::size_t looks = watched.seen().looks();
    bench.points().park(Point::before_read, u"k");
    bench.write(u"k", 2);
    REQUIRE(bench.points().wait_until_parked(Point::before_read));
    bench.write(u"k", 1);
    bench.points().release(Point::before_read);
    REQUIRE(watched.seen().wait_until([&](const Recorder& r) { return r.looks() > looks; }));
    bench.write(u"k", 3);
    CHECK(watched.seen().wait_for_value(u"v", dword(3)));
    CHECK(watched.seen().difference_count() == 1);
    check_rules(bench, watched);
}

TEST_CASE("writing what is there already makes no difference") {
    StressBench bench;
    bench.editor().create_key(u"k");
    bench.write(u"k", 1);
    Watched watched(bench, u"k");
    watched.start();
    for (int i = 0; i < 100; ++i) bench.write(u"k", 1);
    bench.write(u"k", 2);
    CHECK(watched.seen().wait_for_value(u"v", dword(2)));
    CHECK(watched.seen().difference_count() == 1);
    check_rules(bench, watched);
}

TEST_CASE("a key at rest calls nobody, and each signal makes one registration") {
    StressBench bench;
    bench.editor().create_key(u"k");
    bench.editor().create_key(u"control");
    Watched watched(bench, u"k");
    Watched control(bench, u"control");
    watched.start();
    control.start();
    bench.write(u"k", 1);
    REQUIRE(watched.seen().wait_for_value(u"v", dword(1)));
    const int before = bench.points().count(Point::after_signal, u"k");
    for (std::uint32_t i = 1; i <= 50; ++i) {
        bench.write(u"control", i);
        REQUIRE(control.seen().wait_for_value(u"v", dword(i)));
    }
    // One more is allowed: Windows may remember a change from before a registration.
    CHECK(bench.points().count(Point::after_signal, u"k") <= before + 1);
    for (const char16_t* key : {u"k", u"control"}) {
        CHECK(bench.points().count(Point::before_register, key) ==
              bench.points().count(Point::after_signal, key));
    }
    check_rules(bench, watched);
}

TEST_CASE("a key written faster than it can be read is read in the end") {
    StressBench bench(Timers::real);
    bench.editor().create_key(u"k");
    Watched watched(bench, u"k");
    watched.start();
    for (std::uint32_t i = 1; i <= 2000; ++i) {
        const std::u16string name(1, static_cast<char16_t>(u'a' + i % 16));
        bench.editor().set_value(u"k", name, dword(i));
        if (i % 3 == 0) bench.editor().delete_value(u"k", name);
    }
    bench.write(u"k", 1);
    CHECK(watched.seen().wait_for_value(u"v", dword(1)));
    const auto state = watched.seen().state();
    REQUIRE(state);
    // Of sixteen names each was last set or deleted as its last number says, and "v" is one more.
    std::size_t expected = 1;
    for (std::uint32_t i = 2000 - 15; i <= 2000; ++i) expected += i % 3 == 0 ? 0U : 1U;
    CHECK(state->values.size() == expected);
    check_rules(bench, watched);
}

TEST_CASE("a look that hangs delays no other key") {
    StressBench bench;
    bench.editor().create_key(u"slow");
    bench.editor().create_key(u"quick");
    Watched slow(bench, u"slow");
    Watched quick(bench, u"quick");
    slow.start();
    quick.start();
    bench.points().park(Point::before_read, u"slow");
    bench.write(u"slow", 1);
    REQUIRE(bench.points().wait_until_parked(Point::before_read));
    for (std::uint32_t i = 1; i <= 20; ++i) {
        bench.write(u"quick", i);
        REQUIRE(quick.seen().wait_for_value(u"v", dword(i)));
    }
    bench.points().release(Point::before_read);
    CHECK(slow.seen().wait_for_value(u"v", dword(1)));
    check_rules(bench, slow);
}

TEST_CASE("the same key watched twice, and below a watched subtree, is seen by each on its own") {
    StressBench bench;
    bench.editor().create_key(u"p\\k");
    Watched first(bench, u"p\\k");
    Watched second(bench, u"p\\k");
    Watched above(bench, u"p", Scope::subtree);
    first.start();
    second.start();
    above.start();
    bench.write(u"p\\k", 1);
    CHECK(first.seen().wait_for_value(u"v", dword(1)));
    CHECK(second.seen().wait_for_value(u"v", dword(1)));
    CHECK(above.seen().wait_until([](const Recorder& r) { return r.difference_count() == 1; }));
    first.close();
    const std::size_t looks = first.seen().looks();
    bench.write(u"p\\k", 2);
    CHECK(second.seen().wait_for_value(u"v", dword(2)));
    CHECK(above.seen().wait_until([](const Recorder& r) { return r.difference_count() == 2; }));
    CHECK(first.seen().looks() == looks);
    CHECK(first.seen().difference_count() == 1);
    check_rules(bench, second);
    check_rules(bench, above);
}

}  // namespace
}  // namespace regwatch::test
