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

// A process too many is ended by the system, which counts it; more memory than allowed is only refused,
// of which nothing but a message tells.
Job::LimitsMet Job::limits_met() noexcept {
    while (take_message(0)) {
    }
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION facts{};
    if (QueryInformationJobObject(job_.get(), JobObjectBasicAccountingInformation, &facts,
                                  sizeof(facts), nullptr) &&
        facts.TotalTerminatedProcesses != 0)
        met_.processes = true;
    return met_;
}

bool Job::take_message(DWORD milliseconds) noexcept {
    DWORD message = 0;
    ULONG_PTR key = 0;
    OVERLAPPED* process = nullptr;
    if (!GetQueuedCompletionStatus(port_.get(), &message, &key, &process, milliseconds))
        return false;
    if (message == JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT) met_.processes = true;
    if (message == JOB_OBJECT_MSG_JOB_MEMORY_LIMIT) met_.memory = true;
    return true;
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
        take_message(kLookAgain);
    }
    return true;
}

}  // namespace regwatch::win32
