// Port: a file that is only ever added to.
//
// Implemented by src/win32/append_file.cpp and, for other systems, by src/platform/posix_append_file.cpp;
// tests/contract runs on both. One thread at a time. Readers may open, rename or delete the file
// while it is open. The handle is not inherited by child processes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace regwatch {

class AppendFile {
public:
    virtual ~AppendFile() = default;
    // In one system call, so that a killed process leaves whole records. All or nothing reaches the
    // file as far as the system lets us know; an error says which file. `gone` when the file has been
    // deleted: nobody would ever read what is added to it.
    virtual Result<void> append(std::string_view bytes) = 0;
    [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;  // bytes, as of the last append
};

class FileSystem {
public:
    virtual ~FileSystem() = default;
    // What a config names, with the variables in it (%ProgramData%) replaced. `not_found` where there
    // is no such variable. Systems without such names give it back as it is.
    virtual Result<std::string> expand(const std::string& path) = 0;
    // Creates the file and the folders above it where they are missing. `path` is UTF-8, absolute.
    virtual Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) = 0;
};

}  // namespace regwatch
