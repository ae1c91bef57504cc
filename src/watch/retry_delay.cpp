#include "watch/retry_delay.h"

#include <algorithm>

namespace regwatch {

Duration next_delay(Duration last, ErrorKind kind) {
    const bool may_pass = kind == ErrorKind::transient;
    const Duration first = may_pass ? kFirstRetrySoon : kFirstRetry;
    return std::clamp(last * 2, first, kLongestRetry);
}

}  // namespace regwatch
