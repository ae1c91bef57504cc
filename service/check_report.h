// The outcome of `check` for programs: one JSON object, with every problem and its place.
//
// Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "settings/loader.h"

namespace regwatch {

// `notes` are on a good one.
[[nodiscard]] std::string check_json(const LoadOutcome& outcome, const std::string& file,
                                     const std::vector<Problem>& notes);
// Of a file that could not be read.
[[nodiscard]] std::string check_json(const Error& error, const std::string& file);

}  // namespace regwatch
