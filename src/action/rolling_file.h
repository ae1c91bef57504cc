// A series of files in one folder, written one after another and never renamed or truncated:
// PREFIX-20261123-000001.SUFFIX, then -000002, and so on.
//
// A reader that follows the newest file never loses what it was reading; a rename would fail on Windows
// while somebody has the file open. The oldest files are deleted beyond `max_files`, but only
// once something was written to a newer one; whoever appends is given their names. One thread at a time. After a failed write the same file is
// opened again; only where the failed write has left a part of a line is a new one begun, so that a torn
// line is never continued, and a disk that stays full fills no folder with empty files.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "platform/append_file.h"

namespace regwatch {

class RollingFile {
public:
    struct Series {
        std::string folder;               // UTF-8, absolute
        std::string prefix;               // "events"
        std::string suffix;               // ".jsonl"
        std::uint64_t max_file_size = 0;  // bytes
        std::uint32_t max_files = 0;
    };

    RollingFile(FileSystem& files, Series series) : files_(files), series_(std::move(series)) {}

    // `text` holds whole lines, the last line end included. Gives the names of the files that were deleted
    // for it, the oldest first: mostly none.
    Result<std::vector<std::string>> append(std::string_view text, WallTime now);

private:
    Result<void> continue_series();
    Result<void> open(std::string path);
    Result<void> reopen();
    Result<void> begin_next(WallTime now);
    [[nodiscard]] std::vector<std::string> delete_oldest() const;

    FileSystem& files_;
    const Series series_;
    std::uint64_t number_ = 0;  // of the file that is open, or was last
    bool continued_ = false;    // the folder was looked at
    bool too_many_ = false;     // perhaps: a file was begun
    std::string path_;          // of the file that is open, or was last; empty: none
    std::uint64_t whole_ = 0;   // its size after the last whole line
    std::unique_ptr<AppendFile> file_;
};

}  // namespace regwatch
