// A notice as text for people: the event's own words with the inserts in their places.
//
// Pure; any thread.
#pragma once

#include <string>

#include "change/event_id.h"
#include "platform/journal.h"

namespace regwatch {

// UTF-8, without a line end at the end; further lines are indented, so that what begins at the left
// is always a new notice.
[[nodiscard]] std::string text_of(const Notice& notice);
[[nodiscard]] const char* name_of(EventLevel level) noexcept;

}  // namespace regwatch
