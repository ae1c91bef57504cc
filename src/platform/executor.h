// Port: ordinary pool threads, for everything that may take time, and timers.
//
// Everything that can fail is allocated at creation, so that the moment of need cannot fail.
// Implemented by src/win32/executor.cpp and by tests/sim. Any thread may call.
#pragma once

#include <functional>
#include <memory>

#include "base/result.h"
#include "base/time.h"

namespace regwatch {

// A task that can be submitted again and again. Runs once per submit(), possibly at the same time as
// an earlier run: who wants one at a time uses a Strand.
class Work {
public:
    // Drops runs that have not begun and waits for the others. Not from within the task.
    virtual ~Work() = default;
    virtual void submit() noexcept = 0;
};

// Runs its task once, on a pool thread, when the delay is over.
class Timer {
public:
    // Cancels, and waits for a run that has begun. Not from within the task.
    virtual ~Timer() = default;
    // Replaces an earlier setting.
    virtual void set(Duration delay) noexcept = 0;
    // A run that has begun goes on.
    virtual void cancel() noexcept = 0;
};

class Executor {
public:
    virtual ~Executor() = default;
    // An exception that leaves a task ends at the executor's border, which tells of it.
    virtual Result<std::unique_ptr<Work>> create_work(std::function<void()> task) = 0;
    virtual Result<std::unique_ptr<Timer>> create_timer(std::function<void()> task) = 0;
};

}  // namespace regwatch
