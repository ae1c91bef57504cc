// The few functions of ntdll that the registry adapter needs, found once by name.
//
// Why not advapi32's: those lose nothing on paper, but cost two round trips for any value larger
// than their own buffer, cannot open a key whose name holds a NUL, and cannot tell a key's name.
// These are documented (as Zw… in the driver kit, NtQueryKey by name in the SDK), unchanged
// since Windows NT, and the same under Wine. Declared here because winternl.h has only some of
// them.
//
// Constants after load(); any thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "win32/windows.h"

namespace regwatch::win32 {

using NtStatus = LONG;

// winternl.h's UNICODE_STRING and OBJECT_ATTRIBUTES, whose header differs between compilers.
struct NtString {
    USHORT length = 0;  // bytes
    USHORT capacity = 0;
    const wchar_t* buffer = nullptr;
};

struct NtObjectAttributes {
    ULONG length = sizeof(NtObjectAttributes);
    HANDLE root = nullptr;
    const NtString* name = nullptr;
    ULONG attributes = 0;
    void* security_descriptor = nullptr;
    void* security_quality_of_service = nullptr;
};

struct Ntdll {
    static constexpr NtStatus kBufferOverflow = static_cast<NtStatus>(0x80000005U);
    static constexpr NtStatus kNoMoreEntries = static_cast<NtStatus>(0x8000001AU);
    static constexpr NtStatus kBufferTooSmall = static_cast<NtStatus>(0xC0000023U);
    static constexpr NtStatus kChildMustBeVolatile = static_cast<NtStatus>(0xC0000181U);

    // Information classes of keys and values, with what is read of each.
    static constexpr ULONG kKeyBasicInformation = 0;
    static constexpr ULONG kKeyFullInformation = 2;
    static constexpr ULONG kKeyNameInformation = 3;
    static constexpr ULONG kValueFullInformation = 1;

    NtStatus(NTAPI* open_key)(HANDLE* key, ACCESS_MASK access,
                              const NtObjectAttributes* attributes) = nullptr;
    NtStatus(NTAPI* query_key)(HANDLE key, ULONG information_class, void* buffer, ULONG size,
                               ULONG* needed) = nullptr;
    NtStatus(NTAPI* enumerate_key)(HANDLE key, ULONG index, ULONG information_class, void* buffer,
                                   ULONG size, ULONG* needed) = nullptr;
    NtStatus(NTAPI* enumerate_value_key)(HANDLE key, ULONG index, ULONG information_class,
                                         void* buffer, ULONG size, ULONG* needed) = nullptr;
    NtStatus(NTAPI* create_key)(HANDLE* key, ACCESS_MASK access,
                                const NtObjectAttributes* attributes, ULONG title_index,
                                const NtString* class_name, ULONG options,
                                ULONG* disposition) = nullptr;
    NtStatus(NTAPI* delete_key)(HANDLE key) = nullptr;
    NtStatus(NTAPI* set_value_key)(HANDLE key, const NtString* name, ULONG title_index, ULONG type,
                                   const void* data, ULONG size) = nullptr;
    NtStatus(NTAPI* delete_value_key)(HANDLE key, const NtString* name) = nullptr;
    ULONG(NTAPI* to_system_code)(NtStatus status) = nullptr;

    static Result<Ntdll> load();
};

struct NtKeyBasicInformation {
    LARGE_INTEGER last_write;
    ULONG title_index;
    ULONG name_length;  // bytes
    wchar_t name[1];
};

struct NtKeyFullInformation {
    LARGE_INTEGER last_write;
    ULONG title_index;
    ULONG class_offset;
    ULONG class_length;
    ULONG subkeys;
    ULONG max_name_length;
    ULONG max_class_length;
    ULONG values;
    ULONG max_value_name_length;
    ULONG max_value_data_length;
    wchar_t class_name[1];
};

struct NtKeyNameInformation {
    ULONG name_length;  // bytes
    wchar_t name[1];
};

struct NtValueFullInformation {
    ULONG title_index;
    ULONG type;
    ULONG data_offset;  // from the beginning of this structure
    ULONG data_length;
    ULONG name_length;  // bytes
    wchar_t name[1];
};

}  // namespace regwatch::win32
