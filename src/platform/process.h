// Port: running a program to its end.
//
// Implemented by src/win32/process.cpp and by tests/support (scripted). Any thread; run() blocks for as
// long as the program runs, so it is called on action threads only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace regwatch {

struct ProcessSpec {
    std::string file;                    // absolute path, UTF-8: .exe, .cmd, .bat or .ps1
    std::vector<std::string> arguments;  // fixed in the config; never from the registry
    std::vector<std::pair<std::string, std::string>> environment;  // added to a short allow-list
    std::string working_directory;                                 // empty: the folder of `file`
    std::string input;  // written to stdin, then stdin is closed
    Duration timeout{};
    std::size_t output_limit =
        std::size_t{64} * 1024;  // stdout and stderr together; the last of it is kept
    // Of all the processes of one run.
    std::uint32_t max_processes = 32;
    std::uint64_t max_memory = std::uint64_t{1} << 30;
    std::string execution_policy = "RemoteSigned";  // of PowerShell, for .ps1
};

struct ProcessOutcome {
    enum class End { exited, timed_out, cancelled };
    End end = End::exited;
    std::uint32_t exit_code = 0;
    std::string output;  // bytes as the program wrote them
    bool output_truncated = false;
    // Whether it asked for more than `max_processes` or `max_memory` and did not get it. Its exit code need
    // not show that. Not told on a system that does not keep these limits (Wine).
    bool met_process_limit = false;
    bool met_memory_limit = false;
};

class ProcessRunner {
public:
    virtual ~ProcessRunner() = default;
    // An error means that the program never ran. The whole tree of processes is dead on return.
    virtual Result<ProcessOutcome> run(const ProcessSpec& spec) = 0;
    // Ends running programs and makes every later run() answer `cancelled` at once. For stopping.
    virtual void cancel_all() noexcept = 0;
};

}  // namespace regwatch
