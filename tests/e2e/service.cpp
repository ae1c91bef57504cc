#include "e2e/service.h"

#include <catch2/catch_test_macros.hpp>

#include <utility>

#include "e2e/command.h"
#include "e2e/files.h"
#include "e2e/records.h"
#include "win32/handle.h"
#include "win32/security.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {

void write_config(const std::string& bytes) {
    // As `install` or the service would make it.
    REQUIRE(win32::create_protected_folder(win32::to_utf8(data_folder()),
                                           win32::FolderAccess::users_may_read));
    write_file(data_folder() + L"\\regwatch.json", bytes);
}

ServiceStatus service_status(const std::string& name) {
    const win32::ServiceHandle manager(::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    if (!manager) return {};
    const win32::ServiceHandle service(
        ::OpenServiceW(manager.get(), win32::to_wide(name).c_str(), SERVICE_QUERY_STATUS));
    if (!service) return {};
    SERVICE_STATUS_PROCESS now{};
    DWORD needed = 0;
    if (!::QueryServiceStatusEx(service.get(), SC_STATUS_PROCESS_INFO,
                                reinterpret_cast<BYTE*>(&now), sizeof now, &needed)) {
        return {};
    }
    return {now.dwCurrentState, now.dwWin32ExitCode, now.dwServiceSpecificExitCode,
            now.dwProcessId};
}

std::string regwatch_exe() {
    return "\"" + win32::to_utf8(program_folder() + L"\\regwatch.exe") + "\"";
}

CommandResult regwatch(const std::string& arguments) {
    return run(regwatch_exe() + " " + arguments);
}

Service::Service() {
    const std::string exe = win32::to_utf8(program_folder() + L"\\regwatch.exe");
    run_ok("sc.exe create RegWatch binPath= \"\\\"" + exe + "\\\"\"");
}

Service::Service(std::string name) : name_(std::move(name)) {}

Service::~Service() {
    const std::uint32_t state = status().state;
    if (state == 0) return;  // the test has removed it
    if (state != SERVICE_STOPPED) stop();
    run("sc.exe delete " + name_);
}

void Service::start() {
    run_ok("sc.exe start " + name_);
    const bool running = eventually([this] {
        const auto state = status().state;
        return state == SERVICE_RUNNING || state == SERVICE_STOPPED;
    });
    INFO(diagnostic_log());
    REQUIRE(running);
    REQUIRE(status().state == SERVICE_RUNNING);
}

ServiceStatus Service::start_and_expect_stop() {
    run("sc.exe start " + name_);
    REQUIRE(eventually([this] { return status().state == SERVICE_STOPPED; }));
    return status();
}

// STOPPED is said by a process that is still ending; the next service of the name is not to meet it.
ServiceStatus Service::stop() {
    const win32::Handle process(::OpenProcess(SYNCHRONIZE, FALSE, status().process_id));
    run("sc.exe stop " + name_);
    CHECK(eventually([this] { return status().state == SERVICE_STOPPED; }));
    if (process) CHECK(::WaitForSingleObject(process.get(), 60'000) == WAIT_OBJECT_0);
    return status();
}

}  // namespace regwatch::e2e
