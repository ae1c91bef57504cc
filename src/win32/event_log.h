// The Windows Event Log behind platform/event_log.h, as the classic source RegWatch.
//
// Any thread. The source is registered by `regwatch install`; without that, entries are stored all
// the same but Event Viewer cannot show their text. Entries come composed and clipped; the facts on
// what ReportEventW does to its strings are in change/event_entry.h.
#pragma once

#include <memory>

#include "platform/event_log.h"
#include "win32/handle.h"

namespace regwatch::win32 {

class SystemEventLog final : public EventLog {
public:
    static constexpr const wchar_t* kSource = L"RegWatch";

    static Result<std::unique_ptr<SystemEventLog>> create();
    explicit SystemEventLog(EventSource source) noexcept;

    Result<void> report(const EventEntry& entry) override;

private:
    const EventSource source_;
};

}  // namespace regwatch::win32
