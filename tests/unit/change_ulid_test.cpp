#include "change/ulid.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

using namespace regwatch;
using namespace std::chrono_literals;

namespace {

constexpr UlidMaker::Random kZeros{};
constexpr UlidMaker::Random kOnes{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

WallTime at(std::int64_t milliseconds) { return WallTime{std::chrono::milliseconds(milliseconds)}; }

}  // namespace

TEST_CASE("an id is the millisecond and the random bytes in Crockford's base32") {
    // The time part is the specification's own example.
    CHECK(UlidMaker().next(at(1469918176385), kZeros) == "01ARYZ6S410000000000000000");
    CHECK(UlidMaker().next(at(0), kOnes) == "0000000000ZZZZZZZZZZZZZZZZ");
    const UlidMaker::Random random{0x00, 0x44, 0x32, 0x14, 0xC7, 0x42, 0x54, 0xB6, 0x35, 0xCF};
    CHECK(UlidMaker().next(at(1), random) ==
          "0000000001"
          "0123456789ABCDEF");
}

TEST_CASE("ids of one millisecond count on, whatever the random bytes") {
    UlidMaker maker;
    const std::string first = maker.next(at(5), kZeros);
    CHECK(maker.next(at(5), kOnes) == "00000000050000000000000001");
    CHECK(maker.next(at(5), kZeros) == "00000000050000000000000002");
    CHECK(first == "00000000050000000000000000");
}

TEST_CASE("ids grow when the clock is set back") {
    UlidMaker maker;
    const std::string first = maker.next(at(1000), kOnes);
    const std::string second = maker.next(at(10), kZeros);
    const std::string third = maker.next(at(1001), kZeros);
    CHECK(first < second);
    CHECK(second < maker.next(at(1002), kZeros));
    CHECK(second < third);
}

TEST_CASE("when the random part is used up the next millisecond is taken") {
    UlidMaker maker;
    CHECK(maker.next(at(7), kOnes) == "0000000007ZZZZZZZZZZZZZZZZ");
    CHECK(maker.next(at(7), kOnes) == "00000000080000000000000000");
}

TEST_CASE("ids sort by their time") {
    UlidMaker maker;
    std::string last;
    for (std::int64_t millisecond = 1; millisecond < (std::int64_t{1} << 47); millisecond *= 3) {
        const std::string id = maker.next(at(millisecond), kOnes);
        CHECK(id.size() == 26);
        CHECK(last < id);
        last = id;
    }
}

TEST_CASE("times that an id cannot hold are brought to the nearest that it can") {
    CHECK(UlidMaker().next(at(-1), kZeros) == "00000000000000000000000000");
    CHECK(UlidMaker().next(WallTime::max(), kZeros) == "7ZZZZZZZZZ0000000000000000");
}
