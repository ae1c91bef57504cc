// Running programs behind platform/process.h, in a way that neither lets them out nor lets them in.
//
// Any thread; several may be in run() at once. The program starts as a member of its job (there is
// no moment in between), inherits exactly three pipe ends and a short environment, and is waited
// for together with its pipes, its deadline and the runner's cancellation by the one calling
// thread. On every way out the job is killed, so grandchildren never outlive run() and never keep a
// pipe open.
//
// Known limit, the system's own: a process that is started on a program's behalf by somebody else
// (WMI, the task scheduler) is not in the job.
#pragma once

#include <memory>

#include "platform/process.h"
#include "win32/handle.h"

namespace regwatch::win32 {

class JobProcessRunner final : public ProcessRunner {
public:
    static Result<std::unique_ptr<JobProcessRunner>> create();
    explicit JobProcessRunner(Handle cancelled) noexcept;

    Result<ProcessOutcome> run(const ProcessSpec& spec) override;
    void cancel_all() noexcept override;

private:
    const Handle cancelled_;  // a manual-reset event: once set, it stays set
};

}  // namespace regwatch::win32
