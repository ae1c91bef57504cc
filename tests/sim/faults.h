// Makes port calls fail: one in a run, the n-th for a chosen n or each in turn by the explorer; or all
// calls of one kind, on one subject or on every one. Or lets one throw, for want of memory.
//
// Any thread. Only calls that may fail by their contract are counted.
#pragma once

#include <cstddef>
#include <new>
#include <optional>
#include <string>
#include <string_view>
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
    // The same, but a watch can always be made.
    void fail_call_of_a_watch(std::size_t number, ErrorKind kind) {
        fail_call(number, kind);
        FakeLock lock(mutex_);
        spares_makers_ = true;
    }
    // The explorer decides which call fails, if any, and with which of these. A call that fails
    // counts as nothing unusual: use it with a bound on forced switches.
    void explore(std::vector<ErrorKind> kinds) {
        FakeLock lock(mutex_);
        exploring_ = true;
        kinds_ = std::move(kinds);
    }
    // From now on every call with this label fails; with a subject, only those on it.
    void refuse(std::string call, ErrorKind kind, std::string subject = "") {
        FakeLock lock(mutex_);
        refused_call_ = std::move(call);
        refused_subject_ = std::move(subject);
        refused_with_ = kind;
    }
    // The next call with this label throws.
    void throw_once(std::string call) {
        FakeLock lock(mutex_);
        throwing_call_ = std::move(call);
    }
    // Counted from 1. Calls that make a watch do not throw.
    void throw_at_call(std::size_t number) {
        FakeLock lock(mutex_);
        throwing_number_ = number;
    }
    // From now on nothing fails any more.
    void stop() {
        FakeLock lock(mutex_);
        refused_call_.clear();
        exploring_ = false;
        failing_number_ = 0;
        throwing_number_ = 0;
        throwing_call_.clear();
    }
    [[nodiscard]] std::size_t calls() const {
        FakeLock lock(mutex_);
        return calls_;
    }

    // For the fakes: how this call fails, if it does.
    [[nodiscard]] std::optional<ErrorKind> next(const char* call, std::string_view subject = {}) {
        FakeLock lock(mutex_);
        ++calls_;
        throw_if_asked(call);
        if (call == refused_call_ && (refused_subject_.empty() || refused_subject_ == subject)) {
            return refused_with_;
        }
        if (calls_ == failing_number_ && !(spares_makers_ && makes_a_watch(call))) {
            return kinds_.front();
        }
        if (!exploring_) return std::nullopt;
        const std::size_t answer = choose(1 + kinds_.size(), call);
        if (answer == 0) return std::nullopt;
        exploring_ = false;
        return kinds_[answer - 1];
    }

private:
    static bool makes_a_watch(std::string_view call) {
        return call == "create work fails" || call == "create timer fails";
    }
    void throw_if_asked(std::string_view call) REGWATCH_REQUIRES(mutex_) {
        if (throwing_call_ != call && (throwing_number_ != calls_ || makes_a_watch(call))) return;
        throwing_call_.clear();
        throw std::bad_alloc();
    }

    mutable Mutex mutex_;
    std::size_t calls_ REGWATCH_GUARDED_BY(mutex_) = 0;
    std::size_t failing_number_ REGWATCH_GUARDED_BY(mutex_) = 0;
    bool spares_makers_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool exploring_ REGWATCH_GUARDED_BY(mutex_) = false;
    std::vector<ErrorKind> kinds_ REGWATCH_GUARDED_BY(mutex_);
    std::string refused_call_ REGWATCH_GUARDED_BY(mutex_);
    std::string refused_subject_ REGWATCH_GUARDED_BY(mutex_);  // empty: all
    std::string throwing_call_ REGWATCH_GUARDED_BY(mutex_);
    std::size_t throwing_number_ REGWATCH_GUARDED_BY(mutex_) = 0;
    ErrorKind refused_with_ REGWATCH_GUARDED_BY(mutex_){};
};

// As the system would say it.
[[nodiscard]] Error make_error(ErrorKind kind, const char* doing, std::string subject);

}  // namespace regwatch::sim
