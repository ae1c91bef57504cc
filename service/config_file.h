// The config file and what it includes, from its path to Settings or to all that is wrong with them.
//
// Any thread; reads each file once, as a whole.
#pragma once

#include <string>

#include "base/result.h"
#include "settings/loader.h"

namespace regwatch {

// An error when it cannot be read at all; problems in it are part of the outcome.
[[nodiscard]] Result<LoadOutcome> load_config(const std::string& path);

}  // namespace regwatch
