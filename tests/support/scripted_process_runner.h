// ProcessRunner for tests: answers as the test has written, and remembers what it was asked to run.
//
// Any thread. A run that hangs lasts until cancel_all() or until the test ends it.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>
#include <variant>
#include <vector>

#include "base/sync.h"
#include "platform/process.h"

namespace regwatch::test {

class ScriptedProcessRunner final : public ProcessRunner {
public:
    struct Hang {};
    using Answer = std::variant<ProcessOutcome, Error, Hang>;

    // For the next run that has no answer yet. Without one, a run ends at once with exit code 0.
    void then(Answer answer) {
        Lock lock(mutex_);
        answers_.push_back(std::move(answer));
    }
    // What each program does, on the thread that runs it; fixed before the first run.
    std::function<void()> on_run = [] {};

    // Those that hang now end with exit code 0.
    void end_hanging() {
        Lock lock(mutex_);
        ++ended_;
        changed_.notify_all();
    }

    Result<ProcessOutcome> run(const ProcessSpec& spec) override {
        on_run();
        Lock lock(mutex_);
        specs_.push_back(spec);
        if (cancelled_) return cancelled();
        if (answers_.empty()) return ProcessOutcome{};
        Answer answer = std::move(answers_.front());
        answers_.pop_front();
        if (auto* outcome = std::get_if<ProcessOutcome>(&answer)) return std::move(*outcome);
        if (auto* error = std::get_if<Error>(&answer)) return std::move(*error);
        ++hanging_;
        changed_.notify_all();
        const std::size_t ended = ended_;
        while (ended_ == ended && !cancelled_) changed_.wait(mutex_);
        --hanging_;
        return cancelled_ ? cancelled() : ProcessOutcome{};
    }

    void cancel_all() noexcept override {
        Lock lock(mutex_);
        cancelled_ = true;
        changed_.notify_all();
    }

    void wait_until_hanging(std::size_t count) {
        Lock lock(mutex_);
        while (hanging_ < count) changed_.wait(mutex_);
    }
    [[nodiscard]] std::vector<ProcessSpec> specs() const {
        Lock lock(mutex_);
        return specs_;
    }

private:
    [[nodiscard]] static ProcessOutcome cancelled() {
        ProcessOutcome outcome;
        outcome.end = ProcessOutcome::End::cancelled;
        return outcome;
    }

    mutable Mutex mutex_;
    Condition changed_;
    std::deque<Answer> answers_ REGWATCH_GUARDED_BY(mutex_);
    std::vector<ProcessSpec> specs_ REGWATCH_GUARDED_BY(mutex_);
    std::size_t hanging_ REGWATCH_GUARDED_BY(mutex_) = 0;
    std::size_t ended_ REGWATCH_GUARDED_BY(mutex_) = 0;  // how often those that hung were let go
    bool cancelled_ REGWATCH_GUARDED_BY(mutex_) = false;
};

}  // namespace regwatch::test
