#include "base/sync.h"
#include "base/this_thread.h"
#include "sim/allocations.h"
#include "sim/scheduler.h"

namespace regwatch {
namespace {

using sim::AllocationsSpared;

}  // namespace

// Locks are taken in destructors and noexcept functions, so misuse ends the run and throws nothing.
void misuse(const char* what) noexcept {
    if (auto* scheduler = sim::Scheduler::current()) scheduler->fail(what);
    std::terminate();
}

ThreadId this_thread() noexcept {
    const auto* scheduler = sim::Scheduler::current();
    return scheduler == nullptr ? 0 : scheduler->this_thread();
}

void Mutex::lock() REGWATCH_NO_ANALYSIS {
    auto* scheduler = sim::Scheduler::current();
    if (scheduler != nullptr && scheduler->locks_are_points()) scheduler->point("lock");
    lock_quietly();
    if (scheduler != nullptr) ++scheduler->locks_held();
}

void Mutex::unlock() REGWATCH_NO_ANALYSIS {
    unlock_quietly();
    if (auto* scheduler = sim::Scheduler::current()) --scheduler->locks_held();
}

void Mutex::lock_quietly() REGWATCH_NO_ANALYSIS {
    const AllocationsSpared spared;
    const std::size_t self = this_thread();
    if (owner_ == self) misuse("a thread takes a lock that it holds already");
    if (owner_ != kNobody) {
        auto* scheduler = sim::Scheduler::current();
        if (scheduler == nullptr) misuse("a lock was left taken");
        scheduler->wait_until("contended lock", [this] { return owner_ == kNobody; });
    }
    owner_ = self;
}

void Mutex::unlock_quietly() REGWATCH_NO_ANALYSIS {
    if (owner_ != this_thread()) misuse("a thread gives back a lock that it does not hold");
    owner_ = kNobody;
}

// A thread that was notified must also get the lock; both together are one step of the scheduler, so
// that a crowd that is woken for nothing does not multiply the schedules.
void Condition::wait(Mutex& mutex) REGWATCH_NO_ANALYSIS {
    auto* scheduler = sim::Scheduler::current();
    if (scheduler == nullptr) misuse("a wait outside of a run would never end");
    mutex.unlock();
    const AllocationsSpared spared;
    const std::size_t seen = notified_;
    scheduler->wait_until("condition", [this, &mutex, seen] {
        return notified_ != seen && mutex.owner_ == Mutex::kNobody;
    });
    mutex.owner_ = this_thread();
    ++scheduler->locks_held();
}

}  // namespace regwatch
