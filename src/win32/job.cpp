#include "win32/job.h"

#include <algorithm>
#include <chrono>

#include "win32/error.h"

namespace regwatch::win32 {
namespace {

constexpr const char* kPreparing = "preparing";
constexpr const char* kJob = "the job object of a program";

}  // namespace

Result<Job> Job::create(std::uint32_t max_processes, std::uint64_t max_memory) {
    Handle job(CreateJobObjectW(nullptr, nullptr));
    Handle port(CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1));
    DWORD code = GetLastError();
    if (!job || !port) return system_error(code, kPreparing, kJob);

    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    limits.BasicLimitInformation.LimitFlags =
        JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_ACTIVE_PROCESS |
        JOB_OBJECT_LIMIT_JOB_MEMORY | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
    limits.BasicLimitInformation.ActiveProcessLimit = max_processes;
    limits.JobMemoryLimit = static_cast<SIZE_T>(max_memory);
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT association{};
    association.CompletionPort = port.get();
    if (!SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits,
                                 sizeof(limits)) ||
        !SetInformationJobObject(job.get(), JobObjectAssociateCompletionPortInformation,
                                 &association, sizeof(association))) {
        code = GetLastError();
        return system_error(code, kPreparing, kJob);
    }
    return Job(std::move(port), std::move(job));
}

void Job::kill() noexcept {
    constexpr UINT kKilled = 1;
    TerminateJobObject(job_.get(), kKilled);
}

bool Job::is_empty() const noexcept {
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION facts{};
    return QueryInformationJobObject(job_.get(), JobObjectBasicAccountingInformation, &facts,
                                     sizeof(facts), nullptr) &&
           facts.ActiveProcesses == 0;
}

bool Job::wait_until_empty(Duration bound) noexcept {
    using std::chrono::steady_clock;
    const auto deadline = steady_clock::now() + bound;
    while (!is_empty()) {
        if (steady_clock::now() >= deadline) return false;
        // The system does not promise to deliver every message, so none is relied upon: each only
        // makes us look again sooner.
        constexpr DWORD kLookAgain = 100;
        DWORD message = 0;
        ULONG_PTR key = 0;
        OVERLAPPED* process = nullptr;
        GetQueuedCompletionStatus(port_.get(), &message, &key, &process, kLookAgain);
    }
    return true;
}

}  // namespace regwatch::win32
