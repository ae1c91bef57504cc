// The few questions that are asked about files as a whole, and about a folder of them.
//
// The standard library is the seam to the system here; there is nothing to decide. Any thread. Paths
// are UTF-8 and absolute.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
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

// What tells one state of a file from another without reading it.
struct FileStamp {
    bool exists = false;
    std::uint64_t size = 0;
    std::int64_t written = 0;  // in the system's own unit

    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
[[nodiscard]] std::vector<FileStamp> stamps_of(const std::vector<std::string>& paths);

// not_found when there is none.
Result<std::string> read_whole_file(const std::string& path);
// By way of a second file beside it, so that a reader sees the old content or the new one. Tries
// for a second while others have the old one open. The folder exists.
Result<void> replace_file(const std::string& path, std::string_view bytes);

[[nodiscard]] std::string join_path(const std::string& folder, const std::string& name);

}  // namespace regwatch
