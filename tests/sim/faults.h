// Makes port calls fail: one in a run, the n-th for a chosen n or each in turn by the explorer; or all
// calls of one kind.
//
// Any thread. Only calls that may fail by their contract are counted.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/sync.h"
#include "sim/threads.h"

namespace regwatch::sim {

class Faults {
public:
    // Counted from 1.
    void fail_call(std::size_t number, ErrorKind kind) {
        FakeLock lock(mutex_);
        failing_number_ = number;
        kinds_ = {kind};
    }
    // The explorer decides which call fails, if any, and with which of these. A call that fails
    // counts as nothing unusual: use it with a bound on forced switches.
    void explore(std::vector<ErrorKind> kinds) {
        FakeLock lock(mutex_);
        exploring_ = true;
        kinds_ = std::move(kinds);
    }
    // From now on every call with this label fails.
    void refuse(std::string call, ErrorKind kind) {
        FakeLock lock(mutex_);
        refused_call_ = std::move(call);
        refused_with_ = kind;
    }
    // From now on nothing fails any more.
    void stop() {
        FakeLock lock(mutex_);
        refused_call_.clear();
        exploring_ = false;
        failing_number_ = 0;
    }
    [[nodiscard]] std::size_t calls() const {
        FakeLock lock(mutex_);
        return calls_;
    }

    // For the fakes: how this call fails, if it does.
    [[nodiscard]] std::optional<ErrorKind> next(const char* call) {
        FakeLock lock(mutex_);
        ++calls_;
        if (call == refused_call_) return refused_with_;
        if (calls_ == failing_number_) return kinds_.front();
        if (!exploring_) return std::nullopt;
        const std::size_t answer = choose(1 + kinds_.size(), call);
        if (answer == 0) return std::nullopt;
        exploring_ = false;
        return kinds_[answer - 1];
    }

private:
    mutable Mutex mutex_;
    std::size_t calls_ REGWATCH_GUARDED_BY(mutex_) = 0;
    std::size_t failing_number_ REGWATCH_GUARDED_BY(mutex_) = 0;
    bool exploring_ REGWATCH_GUARDED_BY(mutex_) = false;
    std::vector<ErrorKind> kinds_ REGWATCH_GUARDED_BY(mutex_);
    std::string refused_call_ REGWATCH_GUARDED_BY(mutex_);
    ErrorKind refused_with_ REGWATCH_GUARDED_BY(mutex_){};
};

// As the system would say it.
[[nodiscard]] Error make_error(ErrorKind kind, const char* doing, std::string subject);

}  // namespace regwatch::sim
