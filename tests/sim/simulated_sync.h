// Mutex, Lock and Condition as base/sync.h describes them, with the simulator's scheduler behind
// them. Included by base/sync.h in its stead when REGWATCH_SIMULATED is defined.
//
// A free lock is taken at once, without a switch point, unless the scenario wants one there; a taken
// lock and a Condition make the simulated thread wait. Outside of a run there is only one thread,
// and a lock is a flag.
#pragma once

#include <cstddef>

namespace regwatch {

class REGWATCH_CAPABILITY("mutex") Mutex {
public:
    Mutex() = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    void lock() REGWATCH_ACQUIRE();
    void unlock() REGWATCH_RELEASE();

    // For the insides of the fakes: no switch point, and not counted as a lock of the code under
    // test.
    void lock_quietly() REGWATCH_ACQUIRE();
    void unlock_quietly() REGWATCH_RELEASE();

private:
    friend class Condition;
    static constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

    std::size_t owner_ = kNobody;
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

class Condition {
public:
    void notify_all() noexcept { ++notified_; }
    void wait(Mutex& mutex) REGWATCH_REQUIRES(mutex) REGWATCH_NO_ANALYSIS;

private:
    std::size_t notified_ = 0;
};

}  // namespace regwatch
