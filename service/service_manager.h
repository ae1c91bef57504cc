// The service manager's list of services, as far as installing needs it.
//
// One thread. Errors carry the system's own code, which install and uninstall end with.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "win32/handle.h"

namespace regwatch {

enum class Written { created, updated };

class ServiceManager {
public:
    // With the right to create services, which only an elevated administrator has.
    static Result<ServiceManager> open();

    // Creates the service with automatic start, or gives an existing one this command line and
    // leaves its start type and account as somebody chose them.
    Result<Written> write(const std::string& name, const std::string& command_line) const;

    // Description, restarts after failures, the service's own SID, time at shutdown. What this
    // system has no setting for is answered in words and is no failure.
    Result<std::vector<std::string>> configure(const std::string& name) const;

    [[nodiscard]] bool exists(const std::string& name) const;
    // Sends one stop and returns when the service's process has ended. False when it did not run.
    Result<bool> stop(const std::string& name) const;
    // False when it stays in the list until others have closed their handles.
    Result<bool> remove(const std::string& name) const;

private:
    explicit ServiceManager(win32::ServiceHandle handle) : handle_(std::move(handle)) {}
    [[nodiscard]] Result<win32::ServiceHandle> open_service(const std::string& name,
                                                            DWORD access) const;

    win32::ServiceHandle handle_;
};

}  // namespace regwatch
