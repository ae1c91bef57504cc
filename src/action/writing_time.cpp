#include "action/writing_time.h"

namespace regwatch {

void WritingTime::close() noexcept {
    const Lock lock(mutex_);
    is_over_ = true;
    while (writing_ != 0) ended_.wait(mutex_);
}

bool WritingTime::begin() {
    const Lock lock(mutex_);
    if (is_over_) return false;
    ++writing_;
    return true;
}

void WritingTime::end() noexcept {
    const Lock lock(mutex_);
    --writing_;
    ended_.notify_all();
}

}  // namespace regwatch
