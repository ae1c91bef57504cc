// What `doctor` finds out, and how it says so: a list of checks, each with what was found and the
// command that repairs it.
//
// The report is pure; the checks are functions in doctor_checks.cpp: to add one, write it and put it
// into the list at the end of that file.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "change/line.h"
#include "service/command_line.h"
#include "service/places.h"

namespace regwatch {

enum class Health { good, unknown, bad };

struct Finding {
    std::string check;  // a short name, for scripts
    Health health = Health::good;
    std::string found;   // one sentence
    std::string repair;  // a command or what to do; empty when there is nothing to repair
};

// What the checks are told.
struct DoctorContext {
    CommonOptions options;  // of the installed service, where they were not given
    Places places;
    std::string image_path;  // the service's command line; empty when it is not installed
};
using DoctorCheck = std::vector<Finding> (*)(const DoctorContext&);

[[nodiscard]] std::span<const DoctorCheck> doctor_checks() noexcept;

// `doctor --repair`: registers the event source anew where the check of it finds something to
// repair; never another program's. What came of it; nothing when there was nothing to do.
[[nodiscard]] std::optional<Finding> repair_event_source();

// `doctor --self-test`, in self_test_command.cpp.
[[nodiscard]] Finding test_self(const DoctorContext& context);

[[nodiscard]] bool all_good(std::span<const Finding> findings) noexcept;
[[nodiscard]] std::string doctor_text(std::span<const Finding> findings, Colour colour);
[[nodiscard]] std::string doctor_json(std::span<const Finding> findings);

}  // namespace regwatch
