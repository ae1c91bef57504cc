#include "e2e/processes.h"

#include <catch2/catch_test_macros.hpp>

#include "win32/handle.h"
#include "win32/windows.h"

#include <tlhelp32.h>

namespace regwatch::e2e {

std::size_t thread_count(std::uint32_t process_id) {
    const win32::FileHandle snapshot(::CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0));
    REQUIRE(snapshot);
    std::size_t count = 0;
    THREADENTRY32 entry{};
    entry.dwSize = sizeof entry;
    for (BOOL more = ::Thread32First(snapshot.get(), &entry); more;
         more = ::Thread32Next(snapshot.get(), &entry)) {
        if (entry.th32OwnerProcessID == process_id) ++count;
    }
    return count;
}

std::vector<std::uint32_t> processes_of(const std::wstring& executable) {
    const win32::FileHandle snapshot(::CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0));
    REQUIRE(snapshot);
    std::vector<std::uint32_t> ids;
    PROCESSENTRY32W entry{};
    entry.dwSize = sizeof entry;
    for (BOOL more = ::Process32FirstW(snapshot.get(), &entry); more;
         more = ::Process32NextW(snapshot.get(), &entry)) {
        if (::_wcsicmp(entry.szExeFile, executable.c_str()) == 0)
            ids.push_back(entry.th32ProcessID);
    }
    return ids;
}

}  // namespace regwatch::e2e
