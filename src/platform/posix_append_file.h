// Files that are only added to, on systems other than Windows: for the tests and tools that run
// there.
//
// One thread at a time for each file. Same contract as platform/append_file.h.
#pragma once

#include "platform/append_file.h"

namespace regwatch {

class PosixFiles final : public FileSystem {
public:
    Result<std::string> expand(const std::string& path) override { return path; }
    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override;
};

}  // namespace regwatch
