#include "service/service_control.h"

#include <utility>
#include <vector>

#include "service/console.h"
#include "service/service_definition.h"
#include "win32/error.h"
#include "win32/handle.h"
#include "win32/text.h"

namespace regwatch {
namespace {

constexpr ULONGLONG kTellAfter = 1'000;  // milliseconds
constexpr ULONGLONG kLongestWait = 60'000;
constexpr DWORD kAskEvery = 20;

Error failed(const char* doing, const std::string& name) {
    const DWORD code = GetLastError();
    return win32::system_error(code, doing, name);
}

Result<win32::ServiceHandle> open(const std::string& name, DWORD access) {
    const win32::ServiceHandle manager(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    if (!manager) return failed("opening", "the service manager");
    win32::ServiceHandle service(OpenServiceW(manager.get(), win32::to_wide(name).c_str(), access));
    if (service) return service;
    const DWORD code = GetLastError();
    Error error = win32::system_error(code, "opening the service", name);
    if (code == ERROR_SERVICE_DOES_NOT_EXIST) error.kind = ErrorKind::not_found;
    return error;
}

DWORD right_for(std::uint32_t control) {
    switch (control) {
        case SERVICE_CONTROL_STOP:
            return SERVICE_STOP;
        case SERVICE_CONTROL_PARAMCHANGE:
            return SERVICE_PAUSE_CONTINUE;
        default:
            return SERVICE_USER_DEFINED_CONTROL;
    }
}

// Of a query that tells first how much room it needs.
template <class Query>
Result<std::vector<BYTE>> whole_answer(const Query& query, const char* doing,
                                       const std::string& name) {
    std::vector<BYTE> answer(8 * 1024);
    for (;;) {
        DWORD needed = 0;
        if (query(answer.data(), static_cast<DWORD>(answer.size()), &needed)) return answer;
        if (GetLastError() != ERROR_INSUFFICIENT_BUFFER || needed <= answer.size())
            return failed(doing, name);
        answer.resize(needed);
    }
}

}  // namespace

Result<ServiceNow> ask_service(const std::string& name) {
    const auto service = open(name, SERVICE_QUERY_STATUS);
    if (!service) return service.error();
    SERVICE_STATUS_PROCESS status{};
    DWORD needed = 0;
    if (!QueryServiceStatusEx(service.value().get(), SC_STATUS_PROCESS_INFO,
                              reinterpret_cast<BYTE*>(&status), sizeof status, &needed))
        return failed("asking for the state of the service", name);
    return ServiceNow{status.dwCurrentState, status.dwWin32ExitCode,
                      status.dwServiceSpecificExitCode, status.dwCheckPoint};
}

Result<std::string> service_command_line_of(const std::string& name) {
    const auto service = open(name, SERVICE_QUERY_CONFIG);
    if (!service) return service.error();
    const auto answer = whole_answer(
        [&](BYTE* room, DWORD size, DWORD* needed) {
            return QueryServiceConfigW(service.value().get(),
                                       reinterpret_cast<QUERY_SERVICE_CONFIGW*>(room), size,
                                       needed);
        },
        "asking for the configuration of the service", name);
    if (!answer) return answer.error();
    const auto& config = *reinterpret_cast<const QUERY_SERVICE_CONFIGW*>(answer.value().data());
    return win32::to_utf8(config.lpBinaryPathName == nullptr ? L"" : config.lpBinaryPathName);
}

Result<std::uint32_t> service_restarts(const std::string& name) {
    const auto service = open(name, SERVICE_QUERY_CONFIG);
    if (!service) return service.error();
    const auto answer = whole_answer(
        [&](BYTE* room, DWORD size, DWORD* needed) {
            return QueryServiceConfig2W(service.value().get(), SERVICE_CONFIG_FAILURE_ACTIONS, room,
                                        size, needed);
        },
        "asking for the restarts of the service", name);
    if (!answer) return answer.error();
    const auto& actions = *reinterpret_cast<const SERVICE_FAILURE_ACTIONSW*>(answer.value().data());
    std::uint32_t restarts = 0;
    for (DWORD i = 0; i < actions.cActions && actions.lpsaActions != nullptr; ++i)
        if (actions.lpsaActions[i].Type == SC_ACTION_RESTART) ++restarts;
    return restarts;
}

Result<void> start_service(const std::string& name) {
    const auto service = open(name, SERVICE_START);
    if (!service) return service.error();
    if (StartServiceW(service.value().get(), 0, nullptr)) return {};
    if (GetLastError() == ERROR_SERVICE_ALREADY_RUNNING) return {};
    return failed("starting the service", name);
}

Result<void> send_control(const std::string& name, std::uint32_t control) {
    const auto service = open(name, right_for(control));
    if (!service) return service.error();
    SERVICE_STATUS status{};
    if (ControlService(service.value().get(), control, &status)) return {};
    return failed("sending a control to the service", name);
}

CommonOptions options_of_service(const CommonOptions& given) {
    CommonOptions options = given;
    const auto line = service_command_line_of(given.service_name);
    if (!line) return options;
    std::vector<std::string> arguments = split_command_line(*line);
    if (!arguments.empty()) arguments.erase(arguments.begin());
    const CommandLine installed = parse_command_line(arguments);
    if (options.config.empty()) options.config = installed.common.config;
    if (options.data_directory.empty()) options.data_directory = installed.common.data_directory;
    return options;
}

bool wait_for(const std::string& what, const std::function<bool()>& holds) {
    const ULONGLONG begin = GetTickCount64();
    bool told = false;
    while (!holds()) {
        const ULONGLONG waited = GetTickCount64() - begin;
        if (waited > kLongestWait) return false;
        if (waited > kTellAfter && !std::exchange(told, true))
            Console(Console::Stream::error).write_line("regwatch: waiting for " + what + " ...");
        // There is nothing to wait on: this process itself is never signalled while it runs.
        WaitForSingleObject(GetCurrentProcess(), kAskEvery);
    }
    return true;
}

}  // namespace regwatch
