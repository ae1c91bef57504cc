// `install` and `uninstall`: each says line by line what it did, and ends with 0 or with the Win32
// error code of what failed.
//
// The main thread. Both may be repeated: install brings an existing service up to date, and never
// touches a configuration that is there; uninstall keeps configuration, logs and state.
#pragma once

#include "service/command_line.h"

namespace regwatch {

[[nodiscard]] int install(const CommonOptions& options);
[[nodiscard]] int uninstall(const CommonOptions& options);

}  // namespace regwatch
