#include "win32/ntdll.h"

#include "win32/error.h"

namespace regwatch::win32 {
namespace {

// Through void*, because a cast between function types is what the compilers warn about.
template <class Function>
bool find(HMODULE module, const char* name, Function& function) {
    function = reinterpret_cast<Function>(reinterpret_cast<void*>(GetProcAddress(module, name)));
    return function != nullptr;
}

}  // namespace

Result<Ntdll> Ntdll::load() {
    // In every process already, and never unloaded.
    HMODULE module = GetModuleHandleW(L"ntdll.dll");
    Ntdll ntdll;
    if (module == nullptr || !find(module, "NtOpenKey", ntdll.open_key) ||
        !find(module, "NtQueryKey", ntdll.query_key) ||
        !find(module, "NtEnumerateKey", ntdll.enumerate_key) ||
        !find(module, "NtEnumerateValueKey", ntdll.enumerate_value_key) ||
        !find(module, "NtCreateKey", ntdll.create_key) ||
        !find(module, "NtDeleteKey", ntdll.delete_key) ||
        !find(module, "NtSetValueKey", ntdll.set_value_key) ||
        !find(module, "NtDeleteValueKey", ntdll.delete_value_key) ||
        !find(module, "RtlNtStatusToDosError", ntdll.to_system_code)) {
        const DWORD code = GetLastError();
        return system_error(code, "finding the registry functions in", "ntdll.dll");
    }
    return ntdll;
}

}  // namespace regwatch::win32
