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

// Every failure passes but those that are about the entry itself: the service of the Event Log is
// started again, a full log is emptied, rights are given back.
Error failed(const char* doing) {
    const DWORD code = GetLastError();
    Error error = system_error(code, doing, "the Event Log");
    const bool is_about_the_entry = code == ERROR_INVALID_PARAMETER ||
                                    code == RPC_S_INVALID_BOUND || code == ERROR_INVALID_DATA;
    error.kind = is_about_the_entry ? ErrorKind::invalid : ErrorKind::transient;
    return error;
}

}  // namespace

// No lock over the calls: one that waits for the Event Log's service holds up nobody else.
Result<SystemEventLog::SharedSource> SystemEventLog::source() {
    {
        const Lock lock(mutex_);
        if (source_) return source_;
    }
    EventSource opened(RegisterEventSourceW(nullptr, kSource));
    if (!opened) return failed("opening");
    auto shared = std::make_shared<const EventSource>(std::move(opened));
    const Lock lock(mutex_);
    if (!source_) source_ = std::move(shared);
    return source_;
}

void SystemEventLog::drop(const SharedSource& source) noexcept {
    const Lock lock(mutex_);
    if (source_ == source) source_.reset();
}

Result<void> SystemEventLog::report(const EventEntry& entry) {
    std::vector<std::wstring> inserts;
    for (const std::u16string& insert : entry.inserts) inserts.push_back(to_wide(insert));
    std::vector<const wchar_t*> pointers;
    for (const std::wstring& insert : inserts) pointers.push_back(insert.c_str());
    const auto opened = source();
    if (!opened) return opened.error();
    const auto done = write(**opened, entry, pointers);
    if (done) return done;
    drop(*opened);
    // The handle may be one that the log's service does not know any more, as it was started again.
    if (done.error().kind != ErrorKind::transient) return done;
    const auto fresh = source();
    if (!fresh) return fresh.error();
    auto again = write(**fresh, entry, pointers);
    if (!again) drop(*fresh);
    return again;
}

Result<void> SystemEventLog::write(const EventSource& source, const EventEntry& entry,
                                   std::vector<const wchar_t*>& inserts) {
    // Nobody's SID: who changed a key is not known, and naming ourselves would look as if it were.
    if (!ReportEventW(source.get(), type_of(entry.level), static_cast<WORD>(entry.category),
                      entry.system_id(), nullptr, static_cast<WORD>(inserts.size()), 0,
                      inserts.data(), nullptr))
        return failed("writing to");
    return {};
}

}  // namespace regwatch::win32
