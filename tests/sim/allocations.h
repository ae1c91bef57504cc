// Lets one allocation of the code under test fail: the n-th one that it makes in a run.
//
// Off unless a scenario asks for it. Counted is what threads allocate inside of AllocationsCounted and not
// inside of the simulator, which would be none of the code's business. Inside a run only; the program's
// own operator new.
#pragma once

#include <cstddef>

#include "sim/scheduler.h"

namespace regwatch::sim {

// Counted from 1; 0: none. From now on in this run.
inline void fail_allocation(std::size_t number) {
    Scheduler::current()->allocations() = {0, number};
}
[[nodiscard]] inline std::size_t allocations_made() {
    return Scheduler::current()->allocations().made;
}

// Whether what the running thread allocates in here counts. It is the same thread that leaves it.
template <bool counts>
class AllocationScope {
public:
    AllocationScope() noexcept {
        if (Scheduler* const scheduler = Scheduler::current()) {
            flag_ = &scheduler->allocations_count();
            before_ = *flag_;
            *flag_ = counts;
        }
    }
    ~AllocationScope() {
        if (flag_ != nullptr) *flag_ = before_;
    }
    AllocationScope(const AllocationScope&) = delete;
    AllocationScope& operator=(const AllocationScope&) = delete;

private:
    bool* flag_ = nullptr;
    bool before_ = false;
};
using AllocationsCounted = AllocationScope<true>;
using AllocationsSpared = AllocationScope<false>;

}  // namespace regwatch::sim
