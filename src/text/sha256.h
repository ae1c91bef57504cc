// SHA-256 (FIPS 180-4), to pin files and to name data that is not shown in full.
//
// Pure; any thread. Not for secrets: nothing is wiped, and its time depends on the length alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace regwatch {

class Sha256 {
public:
    void add(std::span<const std::uint8_t> bytes) noexcept;
    // 64 lower-case digits. Once, after the last byte.
    [[nodiscard]] std::string finish();

private:
    void compress(const std::uint8_t* block) noexcept;

    std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                           0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::uint8_t, 64> pending_{};
    std::size_t pending_size_ = 0;
    std::uint64_t total_ = 0;
};

[[nodiscard]] std::string sha256(std::span<const std::uint8_t> bytes);

}  // namespace regwatch
