#include "e2e/command.h"

#include <catch2/catch_test_macros.hpp>

#include "e2e/files.h"
#include "win32/handle.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

constexpr DWORD kPatience = 60'000;  // milliseconds
constexpr DWORD kBetweenQuestions = 20;
constexpr UINT kNotEnded = 99;  // an exit code that none of the programs has

struct Started {
    win32::Handle process;
    DWORD id = 0;
};

// Output goes to a file and not through a pipe: a service that the command starts would otherwise
// keep the pipe open for ever.
Started start(const std::string& command_line, const std::wstring& output, DWORD flags) {
    SECURITY_ATTRIBUTES inherit{sizeof inherit, nullptr, TRUE};
    const win32::FileHandle out(::CreateFileW(
        output.c_str(), GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
        &inherit, CREATE_ALWAYS, 0, nullptr));
    REQUIRE(out);
    const win32::FileHandle in(
        ::CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ, &inherit, OPEN_EXISTING, 0, nullptr));
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = in.get();
    startup.hStdOutput = out.get();
    startup.hStdError = out.get();
    std::wstring line = win32::to_wide(command_line);
    PROCESS_INFORMATION made{};
    BOOL ok = ::CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, flags, nullptr,
                               nullptr, &startup, &made);
    // Wine 8 fails about one start in a thousand like this; the next one works.
    if (!ok && ::GetLastError() == ERROR_INTERNAL_ERROR) {
        ok = ::CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, flags, nullptr, nullptr,
                              &startup, &made);
    }
    INFO("starting: " << command_line << " (" << ::GetLastError() << ")");
    REQUIRE(ok);
    const win32::Handle thread(made.hThread);
    return {win32::Handle(made.hProcess), made.dwProcessId};
}

std::uint32_t end_of(const win32::Handle& process) {
    const bool ended = ::WaitForSingleObject(process.get(), kPatience) == WAIT_OBJECT_0;
    if (!ended) ::TerminateProcess(process.get(), kNotEnded);
    CHECK(ended);
    DWORD code = 0;
    ::GetExitCodeProcess(process.get(), &code);
    return code;
}

bool becomes_true(std::chrono::milliseconds limit, const std::function<bool()>& holds) {
    const win32::Handle never(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
    const ULONGLONG give_up = ::GetTickCount64() + static_cast<ULONGLONG>(limit.count());
    while (!holds()) {
        if (::GetTickCount64() > give_up) return false;
        ::WaitForSingleObject(never.get(), kBetweenQuestions);
    }
    return true;
}

}  // namespace

CommandResult run(const std::string& command_line) {
    const TemporaryFile output;
    const Started started = start(command_line, output.path(), CREATE_NO_WINDOW);
    CommandResult result;
    result.exit_code = end_of(started.process);
    result.output = read_file(output.path());
    return result;
}

std::string run_ok(const std::string& command_line) {
    CommandResult result = run(command_line);
    INFO(command_line << "\n" << result.output);
    REQUIRE(result.exit_code == 0);
    return result.output;
}

bool eventually(const std::function<bool()>& holds) {
    return becomes_true(std::chrono::milliseconds(kPatience), holds);
}

bool keeps(std::chrono::seconds duration, const std::function<bool()>& holds) {
    return !becomes_true(duration, [&] { return !holds(); });
}

struct Background::Parts {
    TemporaryFile output;
    Started started;
};

Background::Background(const std::string& command_line) : parts_(std::make_unique<Parts>()) {
    parts_->started =
        start(command_line, parts_->output.path(), CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP);
}

Background::~Background() {
    ::TerminateProcess(parts_->started.process.get(), kNotEnded);
    ::WaitForSingleObject(parts_->started.process.get(), kPatience);
}

std::string Background::output() const { return read_file(parts_->output.path()); }

std::uint32_t Background::interrupt() {
    // Only from within its console, which is not ours: we may have none, or one with our report.
    const std::string helper = win32::to_utf8(program_folder() + L"\\regwatch-echo-child.exe");
    run_ok("\"" + helper + "\" interrupt " + std::to_string(parts_->started.id));
    return end_of(parts_->started.process);
}

}  // namespace regwatch::e2e
