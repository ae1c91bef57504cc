// The job object that a program and everything it starts live in, and die with.
//
// One thread at a time. Closing the job (the destructor) kills what is in it. Processes cannot
// leave it: breaking away is not allowed.
#pragma once

#include <cstdint>
#include <utility>

#include "base/result.h"
#include "base/time.h"
#include "win32/handle.h"

namespace regwatch::win32 {

class Job {
public:
    // The memory is that of all its processes together, in bytes.
    static Result<Job> create(std::uint32_t max_processes, std::uint64_t max_memory);

    [[nodiscard]] HANDLE get() const noexcept { return job_.get(); }

    struct LimitsMet {
        bool processes = false;
        bool memory = false;
    };
    // Up to now. Not after kill(), which the system may count among them.
    [[nodiscard]] LimitsMet limits_met() noexcept;

    void kill() noexcept;
    // Killing does not wait. False: some process was still there at the end of `bound`.
    [[nodiscard]] bool wait_until_empty(Duration bound) noexcept;

private:
    Job(Handle port, Handle job) noexcept : port_(std::move(port)), job_(std::move(job)) {}
    [[nodiscard]] bool is_empty() const noexcept;
    // False when none came within that time.
    bool take_message(DWORD milliseconds) noexcept;

    Handle port_;  // where the system tells of processes that came and went, and of limits
    Handle job_;
    LimitsMet met_;
};

}  // namespace regwatch::win32
