#include "watch/look_pace.h"

#include <algorithm>

namespace regwatch {
namespace {

constexpr int kRestForEachLook = 3;
// What short looks may owe together before they are made to wait: timers are coarse.
constexpr Duration kCredit = std::chrono::milliseconds(20);

}  // namespace

Duration LookPace::wait(SteadyTime now, Duration gathered_for) {
    const Duration rest = paid_until_ - now;
    Duration wait = rest > kCredit ? rest : Duration::zero();
    if (gathered_for > Duration::zero()) {
        if (!gathering_until_) gathering_until_ = now + gathered_for;
        wait = std::max(wait, *gathering_until_ - now);
    }
    if (wait > Duration::zero()) return wait;
    gathering_until_.reset();
    return {};
}

void LookPace::looked(SteadyTime begin, SteadyTime end) {
    paid_until_ = std::max(paid_until_, begin) + (end - begin) * (1 + kRestForEachLook);
}

}  // namespace regwatch
