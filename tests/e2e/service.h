// RegWatch as a service of this machine (under Wine: of this prefix), for the time of a test.
//
// Its data directory is %ProgramData%\RegWatch, as a user would have it, unless it is told another.
// Stopped and deleted at the end. On the test's own thread.
#pragma once

#include <cstdint>
#include <string>

#include "e2e/command.h"

namespace regwatch::e2e {

void write_config(const std::string& bytes);  // where the service looks without being told

struct ServiceStatus {
    std::uint32_t state = 0;  // SERVICE_STOPPED …; 0 when there is no such service
    std::uint32_t exit_code = 0;
    std::uint32_t specific_exit_code = 0;
    std::uint32_t process_id = 0;
};

[[nodiscard]] ServiceStatus service_status(const std::string& name);
[[nodiscard]] std::string regwatch_exe();              // in quotes, for a command line
CommandResult regwatch(const std::string& arguments);  // that program, run with them

class Service {
public:
    // With sc.exe create and nothing else: no arguments, no configuration of the service.
    Service();
    // One that was made in another way.
    explicit Service(std::string name);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    void start();                           // sc.exe start, and waits until it is RUNNING
    ServiceStatus start_and_expect_stop();  // sc.exe start, and waits until it STOPPED by itself
    ServiceStatus stop();                   // sc.exe stop, and waits until it is STOPPED
    [[nodiscard]] ServiceStatus status() const { return service_status(name_); }

private:
    const std::string name_ = "RegWatch";
};

}  // namespace regwatch::e2e
