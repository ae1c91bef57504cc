// The Windows Event Log behind platform/event_log.h, as the classic source RegWatch.
//
// Any thread. The source is registered by `regwatch install`; without that, entries are stored all
// the same but Event Viewer cannot show their text. Entries come composed and clipped; the facts on
// what ReportEventW does to its strings are in change/event_entry.h. A handle on the log does not
// outlive the log's service: after a failure the same entry is tried once with a new one, so that an
// Event Log that is down, at the start or later, costs the entries of that time and no more.
#pragma once

#include <memory>
#include <vector>

#include "base/sync.h"
#include "platform/event_log.h"
#include "win32/handle.h"

namespace regwatch::win32 {

class SystemEventLog final : public EventLog {
public:
    static constexpr const wchar_t* kSource = L"RegWatch";

    Result<void> report(const EventEntry& entry) override REGWATCH_EXCLUDES(mutex_);

private:
    // Shared with the calls that are under way.
    using SharedSource = std::shared_ptr<const EventSource>;
    [[nodiscard]] Result<SharedSource> source() REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] static Result<void> write(const EventSource& source, const EventEntry& entry,
                                            std::vector<const wchar_t*>& inserts);
    void drop(const SharedSource& source) noexcept REGWATCH_EXCLUDES(mutex_);

    Mutex mutex_;
    SharedSource source_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch::win32
