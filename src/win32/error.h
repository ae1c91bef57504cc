// From the system's error codes to Error. What a code means for us is decided here and nowhere
// else.
//
// Any thread. A code that nobody told us about is `transient`: a service goes on and tries again.
#pragma once

#include <string>

#include "base/result.h"
#include "win32/windows.h"

namespace regwatch::win32 {

[[nodiscard]] ErrorKind kind_of(DWORD code) noexcept;

// The system's own words, UTF-8, in one line and without a full stop.
[[nodiscard]] std::string message_of(DWORD code);

// Take GetLastError() in the line after the call: building the texts may change it.
[[nodiscard]] Error system_error(DWORD code, std::string doing, std::string subject);

}  // namespace regwatch::win32
