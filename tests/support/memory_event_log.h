// EventLog for tests: keeps what was reported, in order, or refuses it when told to. Any thread.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "base/sync.h"
#include "platform/event_log.h"

namespace regwatch::test {

class MemoryEventLog final : public EventLog {
public:
    // Every report fails with this, until told otherwise. Nothing: reports succeed.
    void answer_with(std::optional<Error> error) {
        Lock lock(mutex_);
        error_ = std::move(error);
    }

    Result<void> report(const EventEntry& entry) override {
        Lock lock(mutex_);
        if (error_) return *error_;
        entries_.push_back(entry);
        return {};
    }

    [[nodiscard]] std::vector<EventEntry> entries() const {
        Lock lock(mutex_);
        return entries_;
    }

private:
    mutable Mutex mutex_;
    std::optional<Error> error_ REGWATCH_GUARDED_BY(mutex_);
    std::vector<EventEntry> entries_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch::test
