#include "service/service_manager.h"

#include <iterator>
#include <utility>

#include "service/service_definition.h"
#include "win32/error.h"
#include "win32/text.h"

namespace regwatch {
namespace {

constexpr DWORD kLongestStop = 60'000;          // milliseconds, for waiting
constexpr DWORD kTimeAtShutdown = 30'000;       // milliseconds
constexpr DWORD kForgetFailuresAfter = 86'400;  // seconds

struct Setting {
    const char* name;
    DWORD level;
    void* value;
};

Result<SERVICE_STATUS_PROCESS> query(SC_HANDLE service, const std::string& name) {
    SERVICE_STATUS_PROCESS status{};
    DWORD needed = 0;
    if (QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&status),
                             sizeof status, &needed))
        return status;
    const DWORD code = GetLastError();
    return win32::system_error(code, "asking for the state of the service", name);
}

}  // namespace

Result<ServiceManager> ServiceManager::open() {
    win32::ServiceHandle handle(
        OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE));
    if (handle) return ServiceManager(std::move(handle));
    const DWORD code = GetLastError();
    return win32::system_error(code, "opening", "the service manager");
}

Result<Written> ServiceManager::write(const std::string& name,
                                      const std::string& command_line) const {
    const std::wstring wide_name = win32::to_wide(name);
    const std::wstring wide_line = win32::to_wide(command_line);
    const win32::ServiceHandle created(
        CreateServiceW(handle_.get(), wide_name.c_str(), wide_name.c_str(), SERVICE_CHANGE_CONFIG,
                       SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
                       wide_line.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr));
    if (created) return Written::created;
    const DWORD code = GetLastError();
    if (code != ERROR_SERVICE_EXISTS)
        return win32::system_error(code, "creating the service", name);

    auto service = open_service(name, SERVICE_CHANGE_CONFIG);
    if (!service) return std::move(service).error();
    if (!ChangeServiceConfigW(service->get(), SERVICE_NO_CHANGE, SERVICE_NO_CHANGE,
                              SERVICE_NO_CHANGE, wide_line.c_str(), nullptr, nullptr, nullptr,
                              nullptr, nullptr, nullptr)) {
        const DWORD change_code = GetLastError();
        return win32::system_error(change_code, "changing the service", name);
    }
    return Written::updated;
}

Result<std::vector<std::string>> ServiceManager::configure(const std::string& name) const {
    // SERVICE_START is needed for restarts among the failure actions.
    auto service = open_service(name, SERVICE_CHANGE_CONFIG | SERVICE_START);
    if (!service) return std::move(service).error();

    std::wstring about = win32::to_wide(std::string_view(kServiceDescription));
    SERVICE_DESCRIPTIONW description{about.data()};
    SC_ACTION restarts[] = {
        {SC_ACTION_RESTART, 5'000}, {SC_ACTION_RESTART, 30'000}, {SC_ACTION_RESTART, 60'000}};
    SERVICE_FAILURE_ACTIONSW failure{};
    failure.dwResetPeriod = kForgetFailuresAfter;
    failure.cActions = static_cast<DWORD>(std::size(restarts));
    failure.lpsaActions = restarts;
    // Without it a service that stops with an error is not restarted, only one that crashes.
    SERVICE_FAILURE_ACTIONS_FLAG on_errors{TRUE};
    // Lets an access list name NT SERVICE\<name>.
    SERVICE_SID_INFO sid{SERVICE_SID_TYPE_UNRESTRICTED};
    SERVICE_PRESHUTDOWN_INFO at_shutdown{kTimeAtShutdown};

    const Setting settings[] = {
        {"the description", SERVICE_CONFIG_DESCRIPTION, &description},
        {"restarts after failures", SERVICE_CONFIG_FAILURE_ACTIONS, &failure},
        {"restarts after a stop with an error", SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &on_errors},
        {"the service's own SID", SERVICE_CONFIG_SERVICE_SID_INFO, &sid},
        {"the time at shutdown", SERVICE_CONFIG_PRESHUTDOWN_INFO, &at_shutdown},
    };
    std::vector<std::string> missing;
    for (const Setting& setting : settings) {
        if (ChangeServiceConfig2W(service->get(), setting.level, setting.value)) continue;
        const DWORD code = GetLastError();
        // Wine 8 has no failure flag and no SID type, and says so in this way.
        if (code != ERROR_INVALID_LEVEL)
            return win32::system_error(code, std::string("setting ") + setting.name + " of", name);
        missing.emplace_back(setting.name);
    }
    return missing;
}

bool ServiceManager::exists(const std::string& name) const {
    return open_service(name, SERVICE_QUERY_STATUS).ok();
}

Result<bool> ServiceManager::stop(const std::string& name) const {
    auto service = open_service(name, SERVICE_STOP | SERVICE_QUERY_STATUS);
    if (!service) return std::move(service).error();
    const auto before = query(service->get(), name);
    if (!before) return before.error();
    if (before->dwCurrentState == SERVICE_STOPPED) return false;
    const win32::Handle process(OpenProcess(SYNCHRONIZE, FALSE, before->dwProcessId));

    // A second stop would make Wine end the process at once.
    SERVICE_STATUS status{};
    if (before->dwCurrentState != SERVICE_STOP_PENDING &&
        !ControlService(service->get(), SERVICE_CONTROL_STOP, &status)) {
        const DWORD code = GetLastError();
        if (code != ERROR_SERVICE_NOT_ACTIVE)
            return win32::system_error(code, "stopping the service", name);
    }
    if (process && WaitForSingleObject(process.get(), kLongestStop) == WAIT_TIMEOUT)
        return win32::system_error(ERROR_SERVICE_REQUEST_TIMEOUT, "stopping the service", name);
    return true;
}

Result<bool> ServiceManager::remove(const std::string& name) const {
    {
        auto service = open_service(name, DELETE);
        if (!service) return std::move(service).error();
        if (!DeleteService(service->get())) {
            const DWORD code = GetLastError();
            return win32::system_error(code, "deleting the service", name);
        }
    }
    return !exists(name);
}

Result<win32::ServiceHandle> ServiceManager::open_service(const std::string& name,
                                                          DWORD access) const {
    win32::ServiceHandle service(OpenServiceW(handle_.get(), win32::to_wide(name).c_str(), access));
    if (service) return service;
    const DWORD code = GetLastError();
    return win32::system_error(code, "opening the service", name);
}

}  // namespace regwatch
