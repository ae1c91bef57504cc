// Port: the Windows Event Log, for entries that are already composed (change/event_entry.h).
//
// Implemented by src/win32/event_log.cpp and by tests/support (keeps them). Any thread. Fails with
// `transient` when the log is full or its service is down; never throws.
#pragma once

#include "base/result.h"
#include "change/event_entry.h"

namespace regwatch {

class EventLog {
public:
    virtual ~EventLog() = default;
    virtual Result<void> report(const EventEntry& entry) = 0;
};

}  // namespace regwatch
