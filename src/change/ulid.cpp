#include "change/ulid.h"

#include <algorithm>
#include <cstddef>

namespace regwatch {
namespace {

constexpr std::int64_t kLastMillisecond = (std::int64_t{1} << 48) - 1;  // in the year 10889

// 130 bits in 26 digits; the first two bits are always 0.
std::string encode(const std::array<std::uint8_t, 16>& bytes) {
    std::string text;
    std::uint32_t held = 0;
    int bits = 2;
    for (const std::uint8_t byte : bytes) {
        held = (held << 8) | byte;
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text.push_back("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[(held >> bits) & 31]);
        }
        held &= (1U << bits) - 1;
    }
    return text;
}

}  // namespace

std::string UlidMaker::next(WallTime now, const Random& random) {
    const std::int64_t ticks =
        std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count();
    const auto millisecond =
        static_cast<std::uint64_t>(std::clamp<std::int64_t>(ticks, 0, kLastMillisecond));
    if (is_first_ || millisecond > millisecond_) {
        millisecond_ = millisecond;
        random_ = random;
        is_first_ = false;
    } else {
        add_one();
    }

    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < 6; ++i) {
        bytes[i] = static_cast<std::uint8_t>(millisecond_ >> (8 * (5 - i)));
    }
    std::copy(random_.begin(), random_.end(), bytes.begin() + 6);
    return encode(bytes);
}

void UlidMaker::add_one() {
    for (std::size_t i = random_.size(); i-- > 0;) {
        if (++random_[i] != 0) return;
    }
    // All 80 bits were ones: go on in the next millisecond, before the clock does.
    ++millisecond_;
}

}  // namespace regwatch
