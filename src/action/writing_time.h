// How long the registry may be written to by those who put things back: until the stop begins.
//
// One for all actions of an engine, which closes it first of all when it stops. Any thread. What is put
// back after that would be put back unseen, since nobody looks any more.
#pragma once

#include "base/sync.h"

namespace regwatch {

class WritingTime {
public:
    WritingTime() = default;
    WritingTime(const WritingTime&) = delete;
    WritingTime& operator=(const WritingTime&) = delete;

    // Nobody's turn begins any more; returns when none is going on. Idempotent.
    void close() noexcept REGWATCH_EXCLUDES(mutex_);

    // Around one writing. Without a WritingTime it is always time.
    class Turn {
    public:
        explicit Turn(WritingTime* time) : time_(time), mine_(time == nullptr || time->begin()) {}
        ~Turn() {
            if (time_ != nullptr && mine_) time_->end();
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        explicit operator bool() const noexcept { return mine_; }

    private:
        WritingTime* const time_;
        const bool mine_;
    };

private:
    [[nodiscard]] bool begin() REGWATCH_EXCLUDES(mutex_);
    void end() noexcept REGWATCH_EXCLUDES(mutex_);

    Mutex mutex_;
    Condition ended_;
    bool is_over_ REGWATCH_GUARDED_BY(mutex_) = false;
    unsigned writing_ REGWATCH_GUARDED_BY(mutex_) = 0;
};

}  // namespace regwatch
