// Asking the running service for its status: a control makes it write a file, which is then read.
//
// One thread. `status` and `reload` use it.
#pragma once

#include <string>

#include "base/result.h"
#include "service/command_line.h"
#include "service/status_report.h"

namespace regwatch {

class StatusReader {
public:
    // Where the service of these options keeps its status.
    static Result<StatusReader> create(const CommonOptions& options);

    // What it is now, whenever that was written; zeros when there is none yet.
    [[nodiscard]] StatusMark last() const;
    // A status that was written after this was called: its JSON. Fails with not_found when the
    // service does not run.
    [[nodiscard]] Result<std::string> ask() const;

private:
    StatusReader(std::string name, std::string file)
        : name_(std::move(name)), file_(std::move(file)) {}

    std::string name_;
    std::string file_;
};

// What a command ends with when the service could not be asked.
[[nodiscard]] int complain_about_service(const Error& error);

}  // namespace regwatch
