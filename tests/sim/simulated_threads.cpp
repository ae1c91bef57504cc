#include <stdexcept>
#include <utility>

#include "sim/allocations.h"
#include "sim/scheduler.h"
#include "sim/threads.h"

namespace regwatch::sim {
namespace {

Scheduler& this_scheduler() {
    if (auto* current = Scheduler::current()) return *current;
    throw std::logic_error("the simulated platform is used outside of a run");
}

}  // namespace

struct Thread::State {
    Scheduler::ThreadId id = 0;
    bool joined = false;
};

Thread::Thread(std::string name, std::function<void()> body) : state_(std::make_unique<State>()) {
    state_->id = this_scheduler().spawn(std::move(name), std::move(body));
}

Thread::~Thread() { join(); }

void Thread::join() {
    if (std::exchange(state_->joined, true)) return;
    this_scheduler().join(state_->id);
}

bool Thread::is_current() const noexcept { return this_scheduler().this_thread() == state_->id; }

void switch_point(const char* label) { this_scheduler().point(label); }

void blocking_switch_point(const char* label) {
    if (this_scheduler().locks_held() != 0) violation(std::string(label) + " with a lock held");
    this_scheduler().point(label);
}

std::size_t choose(std::size_t count, const char* label) {
    return this_scheduler().choose(count, label);
}

void violation(const std::string& what) { this_scheduler().fail(what); }

void run_code_under_test(const std::function<void()>& code) {
    const AllocationsCounted counted;
    code();
}

SteadyTime steady_now() noexcept {
    const auto* current = Scheduler::current();
    return current == nullptr ? SteadyTime{} : current->now();
}

FakeLock::FakeLock(Mutex& mutex) : mutex_(mutex) {
    if (auto* current = Scheduler::current()) {
        counted_ = std::exchange(current->allocations_count(), false);
    }
    mutex_.lock_quietly();
}
FakeLock::~FakeLock() {
    mutex_.unlock_quietly();
    if (auto* current = Scheduler::current()) current->allocations_count() = counted_;
}

// The scheduler asks for the predicate whenever it looks for somebody to go on.
void Signal::notify() noexcept {}

void Signal::wait(const char* label, Mutex& mutex, const Ready& ready) {
    mutex.unlock_quietly();
    this_scheduler().wait_until(label, [&ready] { return ready(); });
    mutex.lock_quietly();
}

bool Signal::wait_until(const char* label, Mutex& mutex, SteadyTime due, const Ready& ready) {
    mutex.unlock_quietly();
    const bool in_time = this_scheduler().wait_until(label, due, [&ready] { return ready(); });
    mutex.lock_quietly();
    return in_time;
}

}  // namespace regwatch::sim
