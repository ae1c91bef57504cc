#include "win32/process.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "win32/error.h"
#include "win32/job.h"
#include "win32/launch.h"
#include "win32/pipe.h"

namespace regwatch::win32 {
namespace {

using std::chrono::steady_clock;
using Deadline = steady_clock::time_point;

constexpr const char* kStarting = "starting the program";

// PROC_THREAD_ATTRIBUTE_JOB_LIST, known since Windows 10 and Wine 8, but not to headers that are
// told of an earlier version.
constexpr DWORD_PTR kJobList = 0x2000D;

// After the job was killed. Both are instants; the bounds are for a system in trouble.
constexpr auto kUntilDead = std::chrono::seconds(10);
constexpr auto kUntilDrained = std::chrono::seconds(2);

DWORD milliseconds_until(Deadline deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
    return static_cast<DWORD>(std::clamp<std::int64_t>(left.count(), 0, INFINITE - 1));
}

Result<Handle> create_event(bool manual_reset) {
    Handle event(CreateEventW(nullptr, manual_reset, FALSE, nullptr));
    if (!event) {
        const DWORD code = GetLastError();
        return system_error(code, "creating", "an event");
    }
    return event;
}

// The program's three ends. Closed as soon as it has them, so that its death ends the pipes.
struct ChildEnds {
    FileHandle input;
    FileHandle output;
    FileHandle error;  // the same pipe as output; the list of handles must not name one twice
};

Result<FileHandle> inheritable_copy(const FileHandle& handle) {
    HANDLE copy = nullptr;
    if (!DuplicateHandle(GetCurrentProcess(), handle.get(), GetCurrentProcess(), &copy, 0, TRUE,
                         DUPLICATE_SAME_ACCESS)) {
        const DWORD code = GetLastError();
        return system_error(code, "duplicating", "a pipe to a program");
    }
    return FileHandle(copy);
}

// Which handles the program inherits, and which job it is born into. Refers to its arguments.
class StartAttributes {
public:
    Result<void> set(const std::array<HANDLE, 3>& inherited, const HANDLE& job) {
        constexpr DWORD kCount = 2;
        SIZE_T size = 0;
        InitializeProcThreadAttributeList(nullptr, kCount, 0, &size);
        memory_.resize(size);
        auto* raw = reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
        if (!InitializeProcThreadAttributeList(raw, kCount, 0, &size)) return failure();
        list_ = AttributeList(raw);
        if (!put(PROC_THREAD_ATTRIBUTE_HANDLE_LIST, inherited.data(), sizeof(inherited)) ||
            !put(kJobList, &job, sizeof(job)))
            return failure();
        return {};
    }
    [[nodiscard]] LPPROC_THREAD_ATTRIBUTE_LIST get() const noexcept { return list_.get(); }

private:
    bool put(DWORD_PTR attribute, const void* value, SIZE_T size) {
        return UpdateProcThreadAttribute(list_.get(), 0, attribute, const_cast<void*>(value), size,
                                         nullptr, nullptr) != 0;
    }
    static Error failure() {
        const DWORD code = GetLastError();
        return system_error(code, "preparing", "the start of a program");
    }

    std::vector<unsigned char> memory_;
    AttributeList list_;
};

Result<Handle> create_process(const ProcessSpec& spec, const ChildEnds& ends, HANDLE job) {
    auto launch = plan_launch(spec);
    if (!launch) return std::move(launch).error();
    auto environment = environment_block(spec.environment);
    if (!environment) return std::move(environment).error();
    const std::array<HANDLE, 3> inherited = {ends.input.get(), ends.output.get(), ends.error.get()};
    StartAttributes attributes;
    if (auto set = attributes.set(inherited, job); !set) return std::move(set).error();

    STARTUPINFOEXW startup{};
    startup.StartupInfo.cb = sizeof(startup);
    startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    startup.StartupInfo.hStdInput = ends.input.get();
    startup.StartupInfo.hStdOutput = ends.output.get();
    startup.StartupInfo.hStdError = ends.error.get();
    startup.lpAttributeList = attributes.get();
    constexpr DWORD kFlags =
        CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT;
    // CreateProcessW may write into the command line, so each attempt has its own.
    const auto attempt = [&](PROCESS_INFORMATION& started) -> DWORD {
        std::wstring line = launch->command_line;
        const BOOL done = CreateProcessW(
            launch->application.c_str(), line.data(), nullptr, nullptr, TRUE, kFlags,
            environment->data(), launch->working_directory.c_str(), &startup.StartupInfo, &started);
        return done ? ERROR_SUCCESS : GetLastError();
    };
    PROCESS_INFORMATION started{};
    DWORD code = attempt(started);
    // Wine 8 fails like this once in about a thousand starts.
    if (code == ERROR_INTERNAL_ERROR) code = attempt(started);
    if (code != ERROR_SUCCESS) return system_error(code, kStarting, spec.file);
    const Handle thread(started.hThread);
    return Handle(started.hProcess);
}

// A program that runs, until it does not.
class Supervision {
public:
    Supervision(HANDLE process, HANDLE cancelled, Job& job, PipeReader& reader, PipeWriter& writer)
        : process_(process), cancelled_(cancelled), job_(job), reader_(reader), writer_(writer) {}

    ProcessOutcome wait(Deadline deadline) {
        ProcessOutcome outcome;
        outcome.end = wait_for_end(deadline);
        const Job::LimitsMet met = job_.limits_met();
        outcome.met_process_limit = met.processes;
        outcome.met_memory_limit = met.memory;
        end_everything();
        DWORD exit_code = 0;
        GetExitCodeProcess(process_, &exit_code);
        outcome.exit_code = exit_code;
        outcome.output = reader_.take();
        outcome.output_truncated = reader_.truncated();
        return outcome;
    }

private:
    ProcessOutcome::End wait_for_end(Deadline deadline) {
        for (;;) {
            // A program that writes without end must not keep us from seeing its deadline.
            const DWORD left = milliseconds_until(deadline);
            std::array<HANDLE, 4> handles = {process_, cancelled_};
            DWORD count = 2;
            if (writer_.is_open()) handles[count++] = writer_.event();
            if (reader_.is_open()) handles[count++] = reader_.event();
            const DWORD woken = WaitForMultipleObjects(count, handles.data(), FALSE, left);
            if (woken == WAIT_OBJECT_0) return ProcessOutcome::End::exited;
            if (woken == WAIT_OBJECT_0 + 1) return ProcessOutcome::End::cancelled;
            if (woken >= WAIT_OBJECT_0 + count || left == 0) return ProcessOutcome::End::timed_out;
            const HANDLE ready = handles[woken - WAIT_OBJECT_0];
            if (ready == reader_.event()) reader_.advance();
            if (ready == writer_.event()) writer_.advance();
        }
    }

    void end_everything() {
        writer_.close();
        job_.kill();
        static_cast<void>(job_.wait_until_empty(kUntilDead));
        // Nobody is left to write; what was written is still in the pipe.
        const Deadline deadline = steady_clock::now() + kUntilDrained;
        while (reader_.is_open() &&
               WaitForSingleObject(reader_.event(), milliseconds_until(deadline)) == WAIT_OBJECT_0)
            reader_.advance();
    }

    const HANDLE process_;
    const HANDLE cancelled_;
    Job& job_;
    PipeReader& reader_;
    PipeWriter& writer_;
};

}  // namespace

Result<std::unique_ptr<JobProcessRunner>> JobProcessRunner::create() {
    auto event = create_event(true);
    if (!event) return std::move(event).error();
    return std::make_unique<JobProcessRunner>(std::move(*event));
}

JobProcessRunner::JobProcessRunner(Handle cancelled) noexcept : cancelled_(std::move(cancelled)) {}

Result<ProcessOutcome> JobProcessRunner::run(const ProcessSpec& spec) {
    if (WaitForSingleObject(cancelled_.get(), 0) == WAIT_OBJECT_0) {
        ProcessOutcome outcome;
        outcome.end = ProcessOutcome::End::cancelled;
        return outcome;
    }

    auto job = Job::create(spec.max_processes, spec.max_memory);
    if (!job) return std::move(job).error();
    auto input = create_pipe(PipeDirection::to_child);
    if (!input) return std::move(input).error();
    auto output = create_pipe(PipeDirection::from_child);
    if (!output) return std::move(output).error();
    auto error = inheritable_copy(output->theirs);
    if (!error) return std::move(error).error();
    auto read_event = create_event(true);
    if (!read_event) return std::move(read_event).error();
    auto write_event = create_event(true);
    if (!write_event) return std::move(write_event).error();

    const Deadline deadline =
        steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(spec.timeout);
    Handle process;
    {
        const ChildEnds ends{std::move(input->theirs), std::move(output->theirs),
                             std::move(*error)};
        auto started = create_process(spec, ends, job->get());
        if (!started) return std::move(started).error();
        process = std::move(*started);
    }
    PipeReader reader(std::move(output->ours), std::move(*read_event), spec.output_limit);
    PipeWriter writer(std::move(input->ours), std::move(*write_event), spec.input);
    return Supervision(process.get(), cancelled_.get(), *job, reader, writer).wait(deadline);
}

void JobProcessRunner::cancel_all() noexcept { SetEvent(cancelled_.get()); }

}  // namespace regwatch::win32
