// A service as its users see it: where it stands, how it was installed, and the controls they send.
//
// One thread. Errors carry the system's code. What waits tells on stderr after a second what it is
// waiting for, and gives up in the end.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "service/command_line.h"

namespace regwatch {

struct ServiceNow {
    std::uint32_t state = 0;  // SERVICE_STOPPED …
    std::uint32_t exit_code = 0;
    std::uint32_t specific_exit_code = 0;
    std::uint32_t check_point = 0;
};

// not_found when there is no such service.
[[nodiscard]] Result<ServiceNow> ask_service(const std::string& name);
[[nodiscard]] Result<std::string> service_command_line_of(const std::string& name);
// How many times in a row it is started again after a failure; unsupported where the system has no
// such setting.
[[nodiscard]] Result<std::uint32_t> service_restarts(const std::string& name);

Result<void> start_service(const std::string& name);
Result<void> send_control(const std::string& name, std::uint32_t control);

// The options that the service was installed with, where `given` does not say otherwise: so that a
// command finds the files of the service it speaks to. `given` itself when there is none.
[[nodiscard]] CommonOptions options_of_service(const CommonOptions& given);

// Asks until it holds. False after a minute.
bool wait_for(const std::string& what, const std::function<bool()>& holds);

}  // namespace regwatch
