// What the fakes need of an operating system: threads, waiting, time, and a place for what is left
// open. Two implementations behind one interface:
//   with REGWATCH_SIMULATED   the scheduler: one thread at a time, every order explored
//   without                   the real thing, for the contract suite and the thread sanitizer
// The fakes themselves are the same code in both.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/sync.h"
#include "base/time.h"

#if !defined(REGWATCH_SIMULATED)
#include <condition_variable>
#endif

namespace regwatch::sim {

class Thread {
public:
    Thread(std::string name, std::function<void()> body);
    ~Thread();  // joins
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;

    void join();  // idempotent; one thread at a time
    [[nodiscard]] bool is_current() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

// Where another thread may go on. Every port call begins with one.
void switch_point(const char* label);
// A port call that may take time: also fails the run if the caller holds a lock.
void blocking_switch_point(const char* label);
// 0 with real threads: nobody asks for anything unusual there.
std::size_t choose(std::size_t count, const char* label);
// A rule that the code under test has broken: fails the run; ends the program with real threads.
[[noreturn]] void violation(const std::string& what);

// Where a fake calls what is not a fake.
void run_code_under_test(const std::function<void()>& code);

[[nodiscard]] SteadyTime steady_now() noexcept;

// Guards the insides of a fake. Not a switch point, however locks are explored.
class REGWATCH_SCOPED FakeLock {
public:
    explicit FakeLock(Mutex& mutex) REGWATCH_ACQUIRE(mutex);
    ~FakeLock() REGWATCH_RELEASE();
    FakeLock(const FakeLock&) = delete;
    FakeLock& operator=(const FakeLock&) = delete;

private:
    Mutex& mutex_;
    [[maybe_unused]] bool counted_ = false;  // see allocations.h
};

// A condition that is told its predicate, so that the simulator wakes nobody in vain.
class Signal {
public:
    using Ready = std::function<bool()>;

    void notify() noexcept;
    void wait(const char* label, Mutex& mutex, const Ready& ready) REGWATCH_REQUIRES(mutex);
    // False when the time came first.
    bool wait_until(const char* label, Mutex& mutex, SteadyTime due, const Ready& ready)
        REGWATCH_REQUIRES(mutex);

private:
#if !defined(REGWATCH_SIMULATED)
    std::condition_variable_any condition_;
#endif
};

}  // namespace regwatch::sim
