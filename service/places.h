// Where this instance has its files, from its options; absolute, so that it does not matter that a
// service's current folder is System32.
//
// Any thread; UTF-8.
#pragma once

#include <string>

#include "base/result.h"
#include "service/command_line.h"

namespace regwatch {

struct Places {
    std::string config;          // default: %ProgramData%\RegWatch\regwatch.json
    std::string data_directory;  // default: %ProgramData%\RegWatch
    std::string log_folder;      // in the data directory
    std::string state_folder;    // in the data directory
};

[[nodiscard]] Result<Places> find_places(const CommonOptions& options);

struct ProgramPlaces {
    std::string program;         // this executable
    std::string event_messages;  // regwatch-events.dll beside it
    std::string default_config;  // config\regwatch.json beside it
};

[[nodiscard]] Result<ProgramPlaces> find_program_places();

// Of this machine, as its network knows it; empty when the system does not tell.
[[nodiscard]] std::string host_name();

}  // namespace regwatch
