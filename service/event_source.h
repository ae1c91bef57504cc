// The registration that lets Event Viewer find the texts of our events:
// HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\RegWatch.
//
// Any thread. Needs an administrator's rights, which the service has. A source of that name may be
// another program's: it is never changed and never removed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace regwatch {

// Whether a source whose texts are in this file, or in this list of files, is another program's. Pure.
[[nodiscard]] bool is_foreign_message_file(std::string_view files);

// Writes it anew, so that an upgrade into another folder is followed. `invalid` when it is another
// program's.
Result<void> register_event_source(const std::string& message_file);
// Only when there is none: for a service that was made by sc.exe alone.
Result<void> ensure_event_source(const std::string& message_file);

struct EventSource {
    std::string messages;   // where it says that the texts are; environment variables are expanded
    bool is_whole = false;  // whether categories and types are there as registering writes them
};
// Nothing when there is no source, or one that names no texts.
[[nodiscard]] std::optional<EventSource> find_event_source();
// False when there was none of ours.
Result<bool> remove_event_source();

}  // namespace regwatch
