// Who runs this process: for HKCU on a command line, which means the caller's own hive.
//
// Any thread. Asks the process's token, never a thread's: a service that impersonated somebody must
// not take him for itself.
#pragma once

#include <string>

#include "base/result.h"

namespace regwatch::win32 {

// "S-1-5-21-…", the name of the user's key below HKEY_USERS.
Result<std::string> current_user_sid();

}  // namespace regwatch::win32
