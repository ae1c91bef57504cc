// When a delivery that failed is tried again.
//
// A plain value. The delays grow twofold up to the longest one; the patience ends it.
#pragma once

#include <algorithm>

#include "base/time.h"

namespace regwatch {

struct RetryPolicy {
    Duration patience = std::chrono::hours(24);  // for one change; zero: one try
    Duration first_delay = std::chrono::seconds(1);
    Duration longest_delay = std::chrono::minutes(1);

    // After try number `attempt`, counted from 1.
    [[nodiscard]] Duration delay_after(unsigned attempt) const noexcept {
        Duration delay = first_delay;
        for (unsigned i = 1; i < attempt && delay < longest_delay; ++i) delay *= 2;
        return std::min(delay, longest_delay);
    }
};

}  // namespace regwatch
