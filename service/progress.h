// How far a command is, on one line of a terminal, when it takes longer than a second.
//
// One thread. Nothing is written where nobody reads it as it comes: into a file or a pipe. The line is
// written over itself, and wiped when the work is done, so that what is printed after it stands alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/time.h"
#include "platform/clock.h"

namespace regwatch {

class Progress {
public:
    // `write`: to the terminal, as it is; empty: there is none. `what`: "reading the history".
    Progress(std::string what, const Clock& clock, std::function<void(const std::string&)> write);
    ~Progress() { done(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // Called as often as it goes on. `total`: 0 when nobody knows.
    void step(std::uint64_t count, std::uint64_t total = 0);
    // Wipes the line. What is stepped after it begins a new second.
    void done() noexcept;

private:
    const std::string what_;
    const Clock& clock_;
    const std::function<void(const std::string&)> write_;
    SteadyTime next_;
    std::size_t shown_ = 0;  // columns that have something in them
};

}  // namespace regwatch
