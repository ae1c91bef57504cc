// Folders that nobody but administrators and the service can write to, from their first moment on.
//
// Any thread. The access list is given to the call that creates the folder: a folder below
// C:\ProgramData that is created first and closed later is open to every user in between, who may
// put a program there that the service would run.
#pragma once

#include <string>

#include "base/result.h"

namespace regwatch::win32 {

enum class FolderAccess {
    users_may_read,  // the data folder with the config
    private_to_us,   // logs and state, which hold registry data
};

// With the folders above it, where missing. A folder that is there already is left as it is.
Result<void> create_protected_folder(const std::string& path, FolderAccess access);

}  // namespace regwatch::win32
