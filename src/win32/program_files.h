// Files that are about to be run, behind platform/program_files.h.
//
// Any thread. The file is opened for reading with nobody else allowed to write or delete, which the
// system keeps to as long as the handle is open; the folders above it are opened only to be asked. What is asked, and started, is the path without
// links that the system tells of the open file.
#pragma once

#include "platform/program_files.h"

namespace regwatch::win32 {

class SystemProgramFiles final : public ProgramFiles {
public:
    Result<std::unique_ptr<HeldFile>> hold(const std::string& path) override;
    Result<std::vector<SecuredPlace>> places_of(const std::string& path) override;
    [[nodiscard]] std::string no_owners_because() const override;
};

}  // namespace regwatch::win32
