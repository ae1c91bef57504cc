// The text files in which the service tells what it did: regwatch.log, regwatch-000001.log, …
//
// A full file is left as it is and the next one gets a new name, because renaming or truncating a
// file that others read fails on Windows. The oldest files are deleted beyond the limit. One thread
// at a time. Opens its file at the first write; what cannot be written is counted, and the number
// is the first thing that is written when writing works again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "platform/append_file.h"

namespace regwatch {

class DiagnosticLog {
public:
    struct Limits {
        std::uint64_t file_size = 5'242'880;  // bytes, 5 MB, at which a new file is begun
        std::uint32_t files = 5;              // kept, the current one included
    };

    DiagnosticLog(FileSystem& files, std::string folder, Limits limits);

    // `lines` are whole lines.
    void write(std::string_view lines);

private:
    // Whether there is an open file with room.
    [[nodiscard]] bool ensure_file();
    [[nodiscard]] std::string path_of(std::uint32_t number) const;
    void delete_old_files() const;

    FileSystem& files_;
    const std::string folder_;
    const Limits limits_;
    bool looked_ = false;       // for the files of earlier runs
    std::uint32_t number_ = 0;  // of the current file; 0 is regwatch.log
    std::unique_ptr<AppendFile> file_;
    std::uint64_t lost_ = 0;  // writes
};

}  // namespace regwatch
