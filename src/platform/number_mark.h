// Port: what is known, beside the store, of the numbers that changes were given.
//
// The store has a number as soon as it has the change. A change that the store cannot take is handed on
// with its number all the same, and so that no later run gives that number to another change, the mark
// says beforehand how far the numbers may go. It can be written where the store cannot: on a full disk,
// and while somebody holds the database.
//
// Implemented by src/state/number_mark_file.cpp; tests/support has one in memory that fails on demand, and
// tests/contract runs on both. One thread at a time. A write that fails leaves what was there before.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"

namespace regwatch {

struct NumbersMarked {
    // A store that has come less far has not got all of them: it was not written, or is another one.
    std::uint64_t stored = 0;
    // No number above this one was given.
    std::uint64_t set_aside = 0;

    friend bool operator==(const NumbersMarked&, const NumbersMarked&) = default;
};

class NumberMark {
public:
    virtual ~NumberMark() = default;
    // Nothing: there is none, or none that can be relied on.
    virtual Result<std::optional<NumbersMarked>> read() = 0;
    // When it returns, it is read after a power cut as well.
    virtual Result<void> write(const NumbersMarked& marked) = 0;
};

}  // namespace regwatch
