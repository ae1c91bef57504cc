// One function that runs on pool threads, never twice at the same time.
//
// After each poke() at least one whole run of the function follows; pokes that come before it begins
// are one poke. poke() may be called from any thread, from the function itself too, never blocks and
// cannot fail. close() may be called from any thread but the function's own, where it would wait for
// itself: it ends the program there. It is idempotent, and returns when no run is going on or will begin. The owner sees to it that nobody is inside poke()
// when the strand is destroyed.
//
// An exception that leaves the function ends the run and is left to the executor's border; the strand
// goes on. What the function has not done by then is for its owner to do again.
#pragma once

#include <functional>
#include <memory>

#include "base/result.h"
#include "base/sync.h"
#include "base/this_thread.h"
#include "platform/executor.h"

namespace regwatch {

class Strand {
public:
    static Result<std::unique_ptr<Strand>> create(Executor& executor, std::function<void()> turn);
    ~Strand();
    Strand(const Strand&) = delete;
    Strand& operator=(const Strand&) = delete;

    void poke() noexcept REGWATCH_EXCLUDES(mutex_);
    void close() noexcept REGWATCH_EXCLUDES(mutex_);

private:
    // idle --poke--> queued --run--> running --poke--> running_again --end of run--> queued.
    enum class State { idle, queued, running, running_again };

    explicit Strand(std::function<void()> turn) : turn_(std::move(turn)) {}
    void run() REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool begin() REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool end() REGWATCH_EXCLUDES(mutex_);
    void requeue() REGWATCH_EXCLUDES(mutex_);

    // Fixed after construction.
    const std::function<void()> turn_;

    Mutex mutex_;
    Condition ended_;
    State state_ REGWATCH_GUARDED_BY(mutex_) = State::idle;
    bool closed_ REGWATCH_GUARDED_BY(mutex_) = false;
    ThreadId runner_ REGWATCH_GUARDED_BY(mutex_){};  // of the run that is going on
    // Runs that hand in the next one, which may have begun already and be about to do the same:
    // they use the work, and close() waits for all of them.
    int requeueing_ REGWATCH_GUARDED_BY(mutex_) = 0;

    std::unique_ptr<Work> work_;  // last: its destructor waits for runs, which use all of the above
};

}  // namespace regwatch
