// Port: what the service says about itself, one notice per fact, by the numbers of change/event_id.h.
//
// Implemented for the service by src/win32 (diagnostic log, and the Event Log for what an admin must
// see), for the console by service/, and by tests/support (keeps them). Any thread; never fails and
// never throws, since there is nobody left to tell.
#pragma once

#include <string>
#include <vector>

#include "change/event_id.h"

namespace regwatch {

struct Notice {
    EventId id{};
    // For %1, %2 … of the event's text, in that order; UTF-8.
    std::vector<std::string> inserts;
};

class Journal {
public:
    virtual ~Journal() = default;
    virtual void write(const Notice& notice) noexcept = 0;
};

}  // namespace regwatch
