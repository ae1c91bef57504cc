// Runs ordinary Windows commands (sc.exe, reg.exe, the program under test), keeps what they print.
//
// For tests, on the test's own thread. A command that does not end within a minute is killed and
// makes the test fail.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace regwatch::e2e {

struct CommandResult {
    std::uint32_t exit_code = 0;
    std::string output;  // stdout and stderr, as they came
};

CommandResult run(const std::string& command_line);
// The same, and fails the test unless the exit code is 0.
std::string run_ok(const std::string& command_line);

// Asks again and again until it holds. False after a time that only a broken program needs.
bool eventually(const std::function<bool()>& holds);

// For what must not happen: asks again and again for that long, and whether it held each time.
bool keeps(std::chrono::seconds duration, const std::function<bool()>& holds);

// A program in a console of its own, without a window, that runs until it is told to end; its
// output can be read meanwhile.
class Background {
public:
    explicit Background(const std::string& command_line);
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    [[nodiscard]] std::string output() const;  // so far
    // Ctrl-Break; the exit code once it has ended.
    std::uint32_t interrupt();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace regwatch::e2e
