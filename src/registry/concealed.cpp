#include "registry/concealed.h"

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "text/sha256.h"

namespace regwatch {
namespace {

constexpr std::size_t kSizeBytes = 8;
constexpr std::size_t kHashDigits =
    32;  // 128 bits: nobody who does not know the key can aim at one

using Key = std::array<std::uint8_t, 32>;

const Key& key_of_this_process() {
    static const Key key = [] {
        std::random_device random;
        std::uniform_int_distribution<unsigned> byte(0, 255);
        Key drawn{};
        for (auto& b : drawn) b = static_cast<std::uint8_t>(byte(random));
        return drawn;
    }();
    return key;
}

}  // namespace

ValueData conceal(const ValueData& data) {
    const Key& key = key_of_this_process();
    Bytes keyed(key.begin(), key.end());
    keyed.insert(keyed.end(), data.bytes.begin(), data.bytes.end());
    const std::string hash = sha256(keyed);
    std::fill(keyed.begin(), keyed.end(), std::uint8_t{0});

    // In one piece: gcc 12 takes what is inserted behind the size for out of bounds.
    ValueData concealed{data.type, Bytes(kSizeBytes + kHashDigits)};
    const std::uint64_t size = data.bytes.size();
    for (std::size_t i = 0; i < kSizeBytes; ++i) {
        concealed.bytes[i] = static_cast<std::uint8_t>(size >> (8 * i));
    }
    std::copy_n(hash.begin(), kHashDigits, concealed.bytes.begin() + kSizeBytes);
    return concealed;
}

std::uint64_t concealed_size(const ValueData& concealed) noexcept {
    std::uint64_t size = 0;
    for (std::size_t i = std::min(kSizeBytes, concealed.bytes.size()); i > 0; --i) {
        size = (size << 8) | concealed.bytes[i - 1];
    }
    return size;
}

bool may_be_same_concealed(const ValueData& a, const ValueData& b) noexcept {
    return a.type == b.type && a.bytes.size() == b.bytes.size() &&
           concealed_size(a) == concealed_size(b);
}

}  // namespace regwatch
