// Every number this program ends with: of the process, and of the service.
//
// Constants; any thread. Scripts and monitoring rely on the numbers: they are never renumbered. The
// service-specific ones are what `sc.exe query` shows as SERVICE_EXIT_CODE and what the System log
// shows in its event 7024. There, 3 is kept for a configuration that others than administrators may
// change, and so is 5 here.
#pragma once

#include <cstdint>

namespace regwatch {

// Of the process. install and uninstall end with the Win32 error code of what failed instead, so
// that 5 is always "access denied" there.
enum class ExitCode : int {
    ok = 0,
    failure = 1,                  // anything that has no number of its own; it is on stderr
    usage = 2,                    // the command line was not understood
    config_invalid = 3,           // the configuration was read and has problems
    config_unreadable = 4,        // there is none, or it may not be read
    data_directory_unusable = 6,  // it could not be made or written to
    setup_failed = 7,             // the actions or the watches could not be made
    not_running = 8,              // the service does not run, or is not installed
    checks_failed = 9,            // doctor found something to repair
};

// What a start consists of, in order, numbered by the service-specific code that a failure leaves.
enum class StartStep : std::uint32_t {
    data_directory = 6,
    reading_config = 1,
    checking_config = 2,
    setting_up = 4,
    internal = 5,  // none of the above: a defect of ours
};

// "reading the configuration"
[[nodiscard]] const char* doing(StartStep step) noexcept;
[[nodiscard]] ExitCode exit_code_of(StartStep step) noexcept;

}  // namespace regwatch
