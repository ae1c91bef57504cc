#include "e2e/service.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "e2e/command.h"
#include "e2e/files.h"
#include "win32/handle.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_like(const wchar_t* folder, const std::wstring& begin) {
    std::vector<fs::path> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(fs::path(data_folder()) / folder, ignored)) {
        if (entry.path().filename().wstring().starts_with(begin)) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

std::wstring data_folder() {
    const wchar_t* root = ::_wgetenv(L"ProgramData");
    REQUIRE(root != nullptr);
    return std::wstring(root) + L"\\RegWatch";
}

void write_config(const std::string& json) { write_file(data_folder() + L"\\regwatch.json", json); }

Service::Service() {
    const std::string exe = win32::to_utf8(program_folder() + L"\\regwatch.exe");
    run_ok("sc.exe create RegWatch binPath= \"\\\"" + exe + "\\\"\"");
}

Service::~Service() {
    if (status().state != SERVICE_STOPPED) stop();
    run("sc.exe delete RegWatch");
}

void Service::start() {
    run_ok("sc.exe start RegWatch");
    const bool running = eventually([] {
        const auto state = status().state;
        return state == SERVICE_RUNNING || state == SERVICE_STOPPED;
    });
    INFO(diagnostic_log());
    REQUIRE(running);
    REQUIRE(status().state == SERVICE_RUNNING);
}

void Service::start_and_expect_stop() {
    run("sc.exe start RegWatch");
    REQUIRE(eventually([] { return status().state == SERVICE_STOPPED; }));
}

ServiceStatus Service::stop() {
    run("sc.exe stop RegWatch");
    CHECK(eventually([] { return status().state == SERVICE_STOPPED; }));
    return status();
}

ServiceStatus Service::status() {
    const win32::ServiceHandle manager(::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    if (!manager) return {};
    const win32::ServiceHandle service(
        ::OpenServiceW(manager.get(), L"RegWatch", SERVICE_QUERY_STATUS));
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

std::vector<nlohmann::json> logged_changes() {
    std::vector<nlohmann::json> changes;
    for (const fs::path& file : files_like(L"logs", L"events-")) {
        std::istringstream lines(read_file(file.wstring()));
        for (std::string line; std::getline(lines, line) && !lines.eof();) {
            changes.push_back(nlohmann::json::parse(line));
        }
    }
    return changes;
}

std::string diagnostic_log() {
    std::string all;
    for (const fs::path& file : files_like(L"logs", L"regwatch")) all += read_file(file.wstring());
    return all;
}

}  // namespace regwatch::e2e
