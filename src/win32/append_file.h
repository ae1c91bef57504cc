// Files that are only added to, behind platform/append_file.h.
//
// One thread at a time for each file. The handle has the right to append and no other right to
// write, so the system itself puts every write at the end, whoever else writes. A folder that is missing
// is made for SYSTEM and the administrators only; a file that is a link is refused.
#pragma once

#include "platform/append_file.h"

namespace regwatch::win32 {

class SystemFiles final : public FileSystem {
public:
    Result<std::string> expand(const std::string& path) override;
    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override;
};

}  // namespace regwatch::win32
