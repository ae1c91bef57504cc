#include "win32/event_log.h"

#include <string>
#include <utility>
#include <vector>

#include "win32/error.h"
#include "win32/text.h"

namespace regwatch::win32 {
namespace {

WORD type_of(EventLevel level) {
    switch (level) {
        case EventLevel::information:
            return EVENTLOG_INFORMATION_TYPE;
        case EventLevel::warning:
            return EVENTLOG_WARNING_TYPE;
        case EventLevel::error:
            return EVENTLOG_ERROR_TYPE;
    }
    return EVENTLOG_ERROR_TYPE;
}

}  // namespace

Result<std::unique_ptr<SystemEventLog>> SystemEventLog::create() {
    EventSource source(RegisterEventSourceW(nullptr, kSource));
    if (!source) {
        const DWORD code = GetLastError();
        return system_error(code, "opening", "the Event Log");
    }
    return std::make_unique<SystemEventLog>(std::move(source));
}

SystemEventLog::SystemEventLog(EventSource source) noexcept : source_(std::move(source)) {}

Result<void> SystemEventLog::report(const EventEntry& entry) {
    std::vector<std::wstring> inserts;
    for (const std::u16string& insert : entry.inserts) inserts.push_back(to_wide(insert));
    std::vector<const wchar_t*> pointers;
    for (const std::wstring& insert : inserts) pointers.push_back(insert.c_str());
    // Nobody's SID: who changed a key is not known, and naming ourselves would look as if it were.
    if (!ReportEventW(source_.get(), type_of(entry.level), static_cast<WORD>(entry.category),
                      entry.system_id(), nullptr, static_cast<WORD>(pointers.size()), 0,
                      pointers.data(), nullptr)) {
        const DWORD code = GetLastError();
        return system_error(code, "writing to", "the Event Log");
    }
    return {};
}

}  // namespace regwatch::win32
