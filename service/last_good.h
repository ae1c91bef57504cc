// The last configuration that was taken over, with all that it included, in one file of the data
// directory: for a start with a bad one.
//
// One thread at a time. The file is replaced as a whole.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "service/config_file.h"

namespace regwatch {

struct LastGood {
    ConfigRead config;
    std::string kept_at;  // as text, for people
};

Result<void> keep_last_good(const std::string& file, const ConfigRead& config, WallTime now);

// Nothing when there is none, when it was kept for another config, or when it is good no longer.
[[nodiscard]] std::optional<LastGood> load_last_good(const std::string& file,
                                                     const std::string& config);

}  // namespace regwatch
