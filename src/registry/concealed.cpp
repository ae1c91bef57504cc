#include "registry/concealed.h"

#include <algorithm>
#include <random>
#include <string_view>

#include "text/sha256.h"

namespace regwatch {
namespace {

constexpr std::size_t kSizeBytes = 8;
constexpr std::size_t kHashDigits =
    32;  // 128 bits: nobody who does not know the key can aim at one
constexpr std::size_t kIdDigits = 16;
constexpr std::string_view kForId = "regwatch key id";

}  // namespace

ConcealingKey ConcealingKey::drawn() {
    std::random_device random;
    std::uniform_int_distribution<unsigned> byte(0, 255);
    ConcealingKey key;
    for (auto& b : key.bytes_) b = static_cast<std::uint8_t>(byte(random));
    return key;
}

std::optional<ConcealingKey> ConcealingKey::from(const Bytes& bytes) {
    if (bytes.size() != kSize) return std::nullopt;
    ConcealingKey key;
    std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
    return key;
}

const ConcealingKey& ConcealingKey::of_this_process() {
    static const ConcealingKey key = drawn();
    return key;
}

std::string ConcealingKey::id() const {
    Bytes keyed = bytes();
    keyed.insert(keyed.end(), kForId.begin(), kForId.end());
    return sha256(keyed).substr(0, kIdDigits);
}

ValueData conceal(const ValueData& data, const ConcealingKey& key) {
    Bytes keyed = key.bytes();
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
