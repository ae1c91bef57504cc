#include "e2e/event_log.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "e2e/files.h"
#include "support/event_trace.h"
#include "win32/error.h"
#include "win32/handle.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

struct LogTraits : win32::NullIsNone<HANDLE> {
    static void close(HANDLE raw) noexcept { ::CloseEventLog(raw); }
};
using Log = win32::UniqueHandle<LogTraits>;

// Null on a Windows that is none of Wine's.
const wchar_t* trace_file() { return ::_wgetenv(L"REGWATCH_EVENT_TRACE"); }

std::vector<ReportedEvent> traced() {
    std::vector<ReportedEvent> events;
    for (const test::TracedEvent& traced : test::parse_event_trace(read_file(trace_file()))) {
        ReportedEvent event{static_cast<std::uint16_t>(traced.id & 0xFFFF), {}};
        for (const std::u16string& insert : traced.inserts)
            event.inserts.push_back(win32::to_utf8(win32::to_wide(insert)));
        events.push_back(std::move(event));
    }
    return events;
}

Log open_log() {
    Log log(::OpenEventLogW(nullptr, L"Application"));
    REQUIRE(log);
    return log;
}

std::size_t next_record() {
    const Log log = open_log();
    DWORD oldest = 0;
    DWORD count = 0;
    REQUIRE(::GetOldestEventLogRecord(log.get(), &oldest));
    REQUIRE(::GetNumberOfEventLogRecords(log.get(), &count));
    return std::size_t{oldest} + count;
}

ReportedEvent event_of(const EVENTLOGRECORD& record) {
    ReportedEvent event{static_cast<std::uint16_t>(record.EventID & 0xFFFF), {}};
    const auto* bytes = reinterpret_cast<const BYTE*>(&record);
    const auto* insert = reinterpret_cast<const wchar_t*>(bytes + record.StringOffset);
    for (WORD i = 0; i < record.NumStrings; ++i) {
        const std::wstring_view text(insert);
        event.inserts.push_back(win32::to_utf8(text));
        insert += text.size() + 1;
    }
    return event;
}

// The source's name follows each record.
bool is_ours(const EVENTLOGRECORD& record) {
    return std::wstring_view(reinterpret_cast<const wchar_t*>(&record + 1)) == L"RegWatch";
}

std::vector<ReportedEvent> recorded(std::size_t begin) {
    constexpr DWORD kLargestRecord = 0x7FFFF;
    const Log log = open_log();
    std::vector<ReportedEvent> newest_first;
    std::vector<BYTE> buffer(kLargestRecord);
    DWORD size = 0;
    DWORD needed = 0;
    while (::ReadEventLogW(log.get(), EVENTLOG_SEQUENTIAL_READ | EVENTLOG_BACKWARDS_READ, 0,
                           buffer.data(), static_cast<DWORD>(buffer.size()), &size, &needed)) {
        for (DWORD at = 0; at < size;) {
            const auto& record = *reinterpret_cast<const EVENTLOGRECORD*>(buffer.data() + at);
            if (record.RecordNumber < begin) return {newest_first.rbegin(), newest_first.rend()};
            if (is_ours(record)) newest_first.push_back(event_of(record));
            at += record.Length;
        }
    }
    const DWORD code = ::GetLastError();
    INFO("reading the Application log: " << win32::message_of(code));
    REQUIRE(code == ERROR_HANDLE_EOF);
    return {newest_first.rbegin(), newest_first.rend()};
}

}  // namespace

ReportedEvents::ReportedEvents() : begin_(trace_file() ? traced().size() : next_record()) {}

std::vector<ReportedEvent> ReportedEvents::all() const {
    if (trace_file() == nullptr) return recorded(begin_);
    std::vector<ReportedEvent> events = traced();
    events.erase(events.begin(),
                 events.begin() + static_cast<std::ptrdiff_t>(std::min(begin_, events.size())));
    return events;
}

std::vector<ReportedEvent> ReportedEvents::with_id(std::uint16_t id) const {
    std::vector<ReportedEvent> events = all();
    std::erase_if(events, [id](const ReportedEvent& event) { return event.id != id; });
    return events;
}

}  // namespace regwatch::e2e
