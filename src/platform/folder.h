// The few questions that are asked about a folder of files that are written one after another.
//
// The standard library is the seam to the system here; there is nothing to decide. Any thread. Paths
// are UTF-8 and absolute.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace regwatch {

struct FolderEntry {
    std::string name;  // without the folder
    std::uint64_t size = 0;
};

// Ordinary files whose names begin and end like this, sorted by name; none when the folder is missing.
Result<std::vector<FolderEntry>> list_files(const std::string& folder, const std::string& prefix,
                                            const std::string& suffix);
Result<void> remove_file(const std::string& path);
// False too when the file is empty or cannot be read.
[[nodiscard]] bool ends_with_newline(const std::string& path);
[[nodiscard]] std::string join_path(const std::string& folder, const std::string& name);

}  // namespace regwatch
