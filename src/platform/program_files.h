// Port: what the system says about a program before it is run, while nobody can exchange it.
//
// Implemented by src/win32/program_files.cpp and by tests/support (answers as written). Any thread;
// a held file belongs to one thread at a time. What the answers mean is decided by
// action/file_trust.h, which needs no system.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace regwatch {

// A file or a folder with its owner and its access list.
struct SecuredPlace {
    std::string path;      // UTF-8, absolute
    std::string sddl;      // owner and access list, as the system writes them
    bool is_link = false;  // a reparse point: it stands for something else
};

// Nobody writes to the file, exchanges or deletes it as long as this lives.
class HeldFile {
public:
    virtual ~HeldFile() = default;

    // The path by which it is to be started: no link is on its way.
    [[nodiscard]] virtual std::string path() const = 0;
    // The file, then its folder, then each folder above that, up to the volume or the share, by that
    // path.
    virtual Result<std::vector<SecuredPlace>> places() = 0;
    // Of what is in it now; 64 lower-case digits.
    virtual Result<std::string> sha256() = 0;
};

class ProgramFiles {
public:
    virtual ~ProgramFiles() = default;

    // `path` may begin with a variable such as %ProgramData%. `transient` while somebody has it open
    // for writing.
    virtual Result<std::unique_ptr<HeldFile>> hold(const std::string& path) = 0;
    // Of a folder, or of a file that is not run: what it is, then each folder above that. `path` may
    // begin with a variable.
    virtual Result<std::vector<SecuredPlace>> places_of(const std::string& path) = 0;
    // Empty where owners and access lists of files are kept, as on Windows. Otherwise which system
    // does not: there nothing can be said about who may write to a file.
    [[nodiscard]] virtual std::string no_owners_because() const = 0;
};

}  // namespace regwatch
