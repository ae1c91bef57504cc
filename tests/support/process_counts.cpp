#include "support/process_counts.h"

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "win32/handle.h"
#include "win32/windows.h"

#include <tlhelp32.h>

namespace regwatch::test {
namespace {

// SYSTEM_HANDLE_INFORMATION_EX of the driver kit's samples: the same since Windows XP, and in Wine.
constexpr ULONG kExtendedHandleInformation = 64;
constexpr LONG kTooSmall = static_cast<LONG>(0xC0000004U);

struct HandleEntry {
    void* object;
    ULONG_PTR process_id;
    ULONG_PTR handle;
    ULONG access;
    USHORT trace_index;
    USHORT type;
    ULONG attributes;
    ULONG reserved;
};

using Query = LONG(NTAPI*)(ULONG, void*, ULONG, ULONG*);

}  // namespace

std::size_t handle_count() {
    const auto query = reinterpret_cast<Query>(reinterpret_cast<void*>(
        GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQuerySystemInformation")));
    if (query == nullptr) throw std::runtime_error("ntdll has no NtQuerySystemInformation");
    std::vector<ULONG_PTR> memory(1 << 16);
    LONG status = 0;
    for (;;) {
        ULONG needed = 0;
        const auto size = static_cast<ULONG>(memory.size() * sizeof(memory[0]));
        status = query(kExtendedHandleInformation, memory.data(), size, &needed);
        if (status != kTooSmall) break;
        memory.resize(memory.size() * 2);
    }
    if (status < 0) throw std::runtime_error("the system does not list its handles");
    // The count and a reserved word, then the entries.
    const auto* entries = reinterpret_cast<const HandleEntry*>(memory.data() + 2);
    std::size_t count = 0;
    for (ULONG_PTR i = 0; i < memory[0]; ++i) {
        count += entries[i].process_id == GetCurrentProcessId() ? 1U : 0U;
    }
    if (count == 0) throw std::runtime_error("the system lists no handle of this process");
    return count;
}

std::size_t thread_count() {
    const win32::FileHandle snapshot(CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0));
    if (!snapshot) throw std::runtime_error("the system does not list its threads");
    THREADENTRY32 entry{};
    entry.dwSize = sizeof(entry);
    std::size_t count = 0;
    for (BOOL more = Thread32First(snapshot.get(), &entry); more;
         more = Thread32Next(snapshot.get(), &entry)) {
        count += entry.th32OwnerProcessID == GetCurrentProcessId() ? 1U : 0U;
    }
    return count;
}

}  // namespace regwatch::test
