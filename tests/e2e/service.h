// RegWatch as a service of this machine (under Wine: of this prefix), for the time of a test.
//
// Uses the data directory %ProgramData%\RegWatch, as a user would. Stopped and deleted at the end. On
// the test's own thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace regwatch::e2e {

[[nodiscard]] std::wstring data_folder();  // %ProgramData%\RegWatch
void write_config(const std::string& json);

struct ServiceStatus {
    std::uint32_t state = 0;  // SERVICE_STOPPED …; 0 when there is no such service
    std::uint32_t exit_code = 0;
    std::uint32_t specific_exit_code = 0;
    std::uint32_t process_id = 0;
};

class Service {
public:
    // With sc.exe create and nothing else: no arguments, no configuration of the service.
    Service();
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    void start();                  // sc.exe start, and waits until it is RUNNING
    void start_and_expect_stop();  // sc.exe start, and waits until it has STOPPED by itself
    ServiceStatus stop();          // sc.exe stop, and waits until it is STOPPED
    [[nodiscard]] static ServiceStatus status();
};

// All records in logs\events-*.jsonl, in the order of the files; each must be valid JSON.
[[nodiscard]] std::vector<nlohmann::json> logged_changes();
[[nodiscard]] std::string diagnostic_log();

}  // namespace regwatch::e2e
