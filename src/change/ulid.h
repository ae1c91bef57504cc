// Ids that are unique for ever and sort in the order they were made (ULID).
//
// A value that is told the time and given its random bytes; it reads no clock and no generator. Not
// for several threads at once. Ids of one maker grow even within one millisecond and when the clock
// is set back; two makers are kept apart by 80 random bits. Format: github.com/ulid/spec.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/time.h"

namespace regwatch {

class UlidMaker {
public:
    using Random = std::array<std::uint8_t, 10>;

    // 26 letters and digits. `random` must be fresh and hard to guess for every call; it is used
    // when the time has gone on since the last one.
    [[nodiscard]] std::string next(WallTime now, const Random& random);

private:
    void add_one();

    std::uint64_t millisecond_ = 0;
    Random random_{};
    bool is_first_ = true;
};

}  // namespace regwatch
