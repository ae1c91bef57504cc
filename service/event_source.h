// The registration that lets Event Viewer find the texts of our events:
// HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\RegWatch.
//
// Any thread. Needs an administrator's rights, which the service has.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace regwatch {

// Writes it anew, so that an upgrade into another folder is followed.
Result<void> register_event_source(const std::string& message_file);
// Only when there is none: for a service that was made by sc.exe alone.
Result<void> ensure_event_source(const std::string& message_file);
// Where it says that the texts are; nothing when there is no source.
[[nodiscard]] std::optional<std::string> event_source_file();
// False when there was none.
Result<bool> remove_event_source();

}  // namespace regwatch
