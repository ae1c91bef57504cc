// Mutex, Lock and Condition with the annotations that clang's -Wthread-safety checks.
//
// Portable code uses only these, never the standard library's, for two reasons: the compiler checks
// which lock guards what, and the simulator (REGWATCH_SIMULATED) puts its own scheduler behind the
// same names, so that every order in which threads may take a lock can be explored.
// A lock guards fields for a few lines; it is not held over a port call or a callback.
#pragma once

#if defined(__clang__)
#define REGWATCH_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define REGWATCH_THREAD_ATTRIBUTE(x)
#endif

#define REGWATCH_CAPABILITY(x) REGWATCH_THREAD_ATTRIBUTE(capability(x))
#define REGWATCH_SCOPED REGWATCH_THREAD_ATTRIBUTE(scoped_lockable)
#define REGWATCH_GUARDED_BY(x) REGWATCH_THREAD_ATTRIBUTE(guarded_by(x))
#define REGWATCH_REQUIRES(...) REGWATCH_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define REGWATCH_EXCLUDES(...) REGWATCH_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define REGWATCH_ACQUIRE(...) REGWATCH_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define REGWATCH_RELEASE(...) REGWATCH_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define REGWATCH_NO_ANALYSIS REGWATCH_THREAD_ATTRIBUTE(no_thread_safety_analysis)

#if defined(REGWATCH_SIMULATED)
#include "simulated_sync.h"
#else

#include <condition_variable>
#include <mutex>

namespace regwatch {

class REGWATCH_CAPABILITY("mutex") Mutex {
public:
    Mutex() = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    void lock() REGWATCH_ACQUIRE() { mutex_.lock(); }
    void unlock() REGWATCH_RELEASE() { mutex_.unlock(); }

private:
    friend class Condition;
    std::mutex mutex_;
};

class REGWATCH_SCOPED Lock {
public:
    explicit Lock(Mutex& mutex) REGWATCH_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
    ~Lock() REGWATCH_RELEASE() { mutex_.unlock(); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

private:
    Mutex& mutex_;
};

// Waits are always in a loop over their predicate, written at the place of waiting, so that clang
// sees the guarded reads under the lock.
class Condition {
public:
    void notify_all() noexcept { condition_.notify_all(); }

    void wait(Mutex& mutex) REGWATCH_REQUIRES(mutex) REGWATCH_NO_ANALYSIS {
        std::unique_lock<std::mutex> held(mutex.mutex_, std::adopt_lock);
        condition_.wait(held);
        held.release();
    }

private:
    std::condition_variable condition_;
};

}  // namespace regwatch

#endif
