// A file of a fixed size that is written where it stands, by way of SQLite's own layer over the system,
// which has the same for all systems: what the standard library lacks is to wait for the disk.
//
// Opened for each call, so that a file that was deleted or replaced meanwhile is noticed. Any thread;
// nobody else writes. Paths are UTF-8 and absolute.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace regwatch {

class InPlaceFile {
public:
    InPlaceFile(std::string path, std::size_t size) : path_(std::move(path)), size_(size) {}

    // All of it; shorter when the file is; nothing when there is none.
    Result<std::string> read() const;
    // Made, as zeros and of its full size, when it is not there. Returns when the disk has it.
    Result<void> write(std::string_view bytes, std::size_t at) const;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    const std::string path_;
    const std::size_t size_;
};

}  // namespace regwatch
