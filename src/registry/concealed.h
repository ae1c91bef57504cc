// Data that must not leave the process: what a snapshot keeps in its place.
//
// It says whether the data is still the same, and how long it is, and nothing else: the bytes are the
// size and a hash under a key that was drawn at random, once for each state database, and is never told.
// So neither a record nor a stored baseline can be searched for a password by anybody who does not have
// the key. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "registry/value.h"

namespace regwatch {

class ConcealingKey {
public:
    static constexpr std::size_t kSize = 32;

    [[nodiscard]] static ConcealingKey drawn();
    // Nothing: these are not the bytes of one.
    [[nodiscard]] static std::optional<ConcealingKey> from(const Bytes& bytes);
    // Where none is kept: another one in every process.
    [[nodiscard]] static const ConcealingKey& of_this_process();

    [[nodiscard]] Bytes bytes() const { return {bytes_.begin(), bytes_.end()}; }
    // Tells keys apart and nothing else of them.
    [[nodiscard]] std::string id() const;

    friend bool operator==(const ConcealingKey&, const ConcealingKey&) = default;

private:
    ConcealingKey() = default;
    std::array<std::uint8_t, kSize> bytes_{};
};

// Of the same type. Equal under one key exactly if the data is.
[[nodiscard]] ValueData conceal(const ValueData& data,
                                const ConcealingKey& key = ConcealingKey::of_this_process());
// Of the data that was concealed; nothing else can be had of it.
[[nodiscard]] std::uint64_t concealed_size(const ValueData& concealed) noexcept;
// Whether two may be the same data although two keys concealed them: type and size are equal.
[[nodiscard]] bool may_be_same_concealed(const ValueData& a, const ValueData& b) noexcept;

}  // namespace regwatch
