// The job object that a program and everything it starts live in, and die with.
//
// One thread at a time. Closing the job (the destructor) kills what is in it. Processes cannot
// leave it: breaking away is not allowed.
#pragma once

#include <utility>

#include "base/result.h"
#include "base/time.h"
#include "win32/handle.h"

namespace regwatch::win32 {

class Job {
public:
    static constexpr DWORD kMostProcesses = 32;
    static constexpr SIZE_T kMostMemory = SIZE_T{1024} * 1024 * 1024;  // bytes, all together

    static Result<Job> create();

    [[nodiscard]] HANDLE get() const noexcept { return job_.get(); }
    void kill() noexcept;
    // Killing does not wait. False: some process was still there at the end of `bound`.
    [[nodiscard]] bool wait_until_empty(Duration bound) noexcept;

private:
    Job(Handle port, Handle job) noexcept : port_(std::move(port)), job_(std::move(job)) {}
    [[nodiscard]] bool is_empty() const noexcept;

    Handle port_;  // where the system tells of processes that came and went
    Handle job_;
};

}  // namespace regwatch::win32
