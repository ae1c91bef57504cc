// What a row of the baseline says, as a number that is kept with it: a row that does not fit its own is not
// what was written, which SQLite does not notice as long as the page is a page.
//
// 64-bit FNV-1a, which differs for each change of a single byte: against worn media, not against people.
// A plain value; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "registry/value.h"

namespace regwatch {

class RowSum {
public:
    RowSum& add(std::int64_t number) noexcept {
        for (int i = 0; i < 8; ++i) add_byte(static_cast<std::uint8_t>(number >> (8 * i)));
        return *this;
    }
    // With its length, so that the border between two cannot move.
    RowSum& add(std::string_view text) noexcept {
        add(static_cast<std::int64_t>(text.size()));
        for (const char c : text) add_byte(static_cast<std::uint8_t>(c));
        return *this;
    }
    RowSum& add(const Bytes& bytes) noexcept {
        add(static_cast<std::int64_t>(bytes.size()));
        for (const std::uint8_t byte : bytes) add_byte(byte);
        return *this;
    }
    [[nodiscard]] std::int64_t value() const noexcept { return static_cast<std::int64_t>(sum_); }

private:
    void add_byte(std::uint8_t byte) noexcept { sum_ = (sum_ ^ byte) * 0x100000001B3U; }

    std::uint64_t sum_ = 0xCBF29CE484222325U;
};

}  // namespace regwatch
