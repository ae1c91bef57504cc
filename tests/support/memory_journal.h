// Journal for tests: keeps what was written, in order. Any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <new>
#include <vector>

#include "base/sync.h"
#include "platform/journal.h"

namespace regwatch::test {

class MemoryJournal final : public Journal {
public:
    void write(const Notice& notice) noexcept override {
        Lock lock(mutex_);
        try {
            notices_.push_back(notice);
        } catch (const std::bad_alloc&) {
            // As in life: without memory nothing is told.
        }
    }

    [[nodiscard]] std::vector<Notice> notices() const {
        Lock lock(mutex_);
        return notices_;
    }

    [[nodiscard]] std::size_t count(EventId id) const {
        Lock lock(mutex_);
        return static_cast<std::size_t>(
            std::count_if(notices_.begin(), notices_.end(),
                          [id](const Notice& notice) { return notice.id == id; }));
    }

private:
    mutable Mutex mutex_;
    std::vector<Notice> notices_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch::test
