// Shows the events in a trace of Wine's Event Log as Event Viewer would: by the message table of
// regwatch-events.dll.
//
// usage: regwatch-event-text MESSAGE-DLL TRACE-FILE
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "support/event_trace.h"
#include "win32/handle.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace {

using regwatch::test::TracedEvent;
namespace win32 = regwatch::win32;

std::string message(HMODULE table, DWORD id, const std::vector<std::u16string>& inserts) {
    std::vector<std::wstring> wide;
    for (const auto& insert : inserts) wide.push_back(win32::to_wide(insert));
    std::vector<DWORD_PTR> arguments;
    for (const auto& insert : wide)
        arguments.push_back(reinterpret_cast<DWORD_PTR>(insert.c_str()));
    arguments.resize(16, reinterpret_cast<DWORD_PTR>(L""));
    std::wstring text(64 * 1024, L'\0');
    const DWORD length = ::FormatMessageW(
        FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ARGUMENT_ARRAY, table, id, 0, text.data(),
        static_cast<DWORD>(text.size()), reinterpret_cast<va_list*>(arguments.data()));
    text.resize(length);
    return win32::to_utf8(text);
}

void show(HMODULE table, const TracedEvent& event) {
    const char* level = event.type == EVENTLOG_ERROR_TYPE     ? "Error"
                        : event.type == EVENTLOG_WARNING_TYPE ? "Warning"
                                                              : "Information";
    std::printf("\nLevel: %s   Source: RegWatch   Event ID: %u   Task Category: %s%s\n", level,
                static_cast<unsigned>(event.id & 0xFFFF),
                message(table, event.category, {}).c_str(),
                message(table, event.id, event.inserts).c_str());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const win32::Module table(::LoadLibraryExA(
        argv[1], nullptr, LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE));
    std::ifstream file(argv[2], std::ios::binary);
    if (!table || !file) {
        std::fprintf(stderr, "cannot read %s\n", table ? argv[2] : argv[1]);
        return 1;
    }
    std::ostringstream trace;
    trace << file.rdbuf();
    for (const TracedEvent& event : regwatch::test::parse_event_trace(trace.str())) {
        show(table.get(), event);
    }
}
