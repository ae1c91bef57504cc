#include "state/change_numbers.h"

#include <catch2/catch_test_macros.hpp>

#include "support/memory_mark.h"

namespace regwatch {
namespace {

constexpr std::uint64_t kBlock = 1'000'000;

StoreOpened store_at(std::uint64_t last, bool is_new = false) {
    StoreOpened opened;
    opened.last_sequence = last;
    opened.is_new = is_new;
    return opened;
}

// As a run that has stored all that it gave.
void run_up_to(test::MemoryMark& mark, std::uint64_t last) {
    ChangeNumbers numbers(&mark);
    const StoreOpened opened = store_at(last);
    (void)numbers.begin(&opened);
}

}  // namespace

TEST_CASE("numbers go on from what the store has, without a gap") {
    test::MemoryMark mark;
    run_up_to(mark, 7);
    ChangeNumbers numbers(&mark);
    const StoreOpened opened = store_at(9);
    CHECK_FALSE(numbers.begin(&opened));
    CHECK(numbers.next() == 10);
    CHECK(numbers.next() == 11);
    numbers.stored(11);
    CHECK(numbers.keep());
    CHECK(mark.writes() == 2);
}

TEST_CASE("what is given without the store is set aside before, in one write for many") {
    test::MemoryMark mark;
    ChangeNumbers numbers(&mark);
    const StoreOpened opened = store_at(0, true);
    CHECK_FALSE(numbers.begin(&opened));
    for (std::uint64_t i = 1; i <= 5; ++i) {
        CHECK(numbers.next() == i);
        REQUIRE(numbers.keep());
        CHECK(mark.read()->value().stored >= i);
    }
    CHECK(mark.writes() == 2);
    ChangeNumbers next_run(&mark);
    const StoreOpened behind = store_at(0);
    const auto skipped = next_run.begin(&behind);
    REQUIRE(skipped);
    CHECK(skipped->after == 0);
    CHECK(next_run.next() == skipped->up_to + 1);
    CHECK(skipped->up_to >= 5);
}

TEST_CASE("when all that was set aside is used up, more is") {
    test::MemoryMark mark;
    ChangeNumbers numbers(&mark);
    const StoreOpened opened = store_at(0, true);
    (void)numbers.begin(&opened);
    for (std::uint64_t i = 1; i <= kBlock + 1; ++i) (void)numbers.next();
    REQUIRE(numbers.keep());
    CHECK(mark.read()->value().stored > kBlock);
    // Where the store has them all, in time.
    for (std::uint64_t i = 0; i < kBlock; ++i) (void)numbers.next();
    numbers.stored(numbers.last());
    REQUIRE(numbers.keep());
    const NumbersMarked marked = mark.read()->value();
    CHECK(marked == NumbersMarked{numbers.last(), numbers.last() + kBlock});
}

TEST_CASE("a store that has come less far than it had is not counted on from") {
    test::MemoryMark mark;
    run_up_to(mark, 50);
    ChangeNumbers numbers(&mark);
    const StoreOpened restored = store_at(20);
    const auto skipped = numbers.begin(&restored);
    REQUIRE(skipped);
    CHECK(skipped->after == 20);
    CHECK(numbers.next() == 50 + kBlock + 1);
}

TEST_CASE("without the store numbers begin behind all that was set aside") {
    test::MemoryMark mark;
    run_up_to(mark, 50);
    ChangeNumbers numbers(&mark);
    CHECK_FALSE(numbers.begin(nullptr));
    SECTION("and if none was given until the store can be read, there is no gap") {
        const StoreOpened opened = store_at(60);
        CHECK_FALSE(numbers.opened(opened));
        CHECK(numbers.next() == 61);
    }
    SECTION("and what was given is not given by the next run") {
        CHECK(numbers.next() == 50 + kBlock + 1);
        REQUIRE(numbers.keep());
        ChangeNumbers next_run(&mark);
        (void)next_run.begin(nullptr);
        CHECK(next_run.next() > 50 + kBlock + 1);
        const auto skipped = numbers.opened(store_at(60));
        REQUIRE(skipped);
        CHECK(skipped->after == 60);
        CHECK(skipped->up_to == 50 + kBlock);
        CHECK(numbers.next() == 50 + kBlock + 2);
    }
    SECTION("and where the store has come further than the mark, others are needed") {
        CHECK(numbers.next() == 50 + kBlock + 1);
        CHECK_FALSE(numbers.opened(store_at(51 + kBlock)));
        CHECK(numbers.given_twice_up_to() == 51 + kBlock);
        CHECK(numbers.next() == 52 + kBlock);
    }
}

TEST_CASE("with neither the store nor the mark there are no numbers") {
    test::MemoryMark mark;
    SECTION("when nothing was ever written") {
        ChangeNumbers numbers(&mark);
        (void)numbers.begin(nullptr);
        CHECK(numbers.next() == 0);
        CHECK_FALSE(numbers.keep());
        CHECK_FALSE(mark.read().value());
        (void)numbers.opened(store_at(3));
        CHECK(numbers.next() == 4);
    }
    SECTION("when it can be read and not written") {
        run_up_to(mark, 50);
        mark.fail_writing(true);
        ChangeNumbers numbers(&mark);
        (void)numbers.begin(nullptr);
        (void)numbers.next();
        CHECK_FALSE(numbers.keep());
        CHECK(numbers.next() == 0);
    }
    SECTION("when there is no mark") {
        ChangeNumbers numbers(nullptr);
        const StoreOpened opened = store_at(3);
        CHECK_FALSE(numbers.begin(&opened));
        CHECK(numbers.next() == 4);
        CHECK_FALSE(numbers.keep());
        numbers.take_back(3);
        CHECK(numbers.next() == 4);
    }
}

}  // namespace regwatch
