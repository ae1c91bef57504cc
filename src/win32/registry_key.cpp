#include "win32/registry_key.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "win32/error.h"
#include "win32/event.h"
#include "win32/text.h"
#include "win32/time.h"
#include "win32/windows.h"
// After windows.h, whose types it uses.
#include <sddl.h>

namespace regwatch::win32 {
namespace {

// Large enough for nearly every value, so that it is read in one round trip.
constexpr std::size_t kFirstSize = 4096;

// A buffer for ntdll's answers, which tell the size they need. Asks again until one fits; it grows
// at least twofold, so that a value that keeps growing is caught up with.
class Answer {
public:
    template <class Ask>
    NtStatus fetch(Ask ask) {
        for (;;) {
            ULONG needed = 0;
            const NtStatus status = ask(bytes_.data(), static_cast<ULONG>(bytes_.size()), &needed);
            if (status != Ntdll::kBufferOverflow && status != Ntdll::kBufferTooSmall) return status;
            bytes_.resize(std::max<std::size_t>(needed, bytes_.size() * 2));
        }
    }
    template <class T>
    [[nodiscard]] const T& as() const {
        return *reinterpret_cast<const T*>(bytes_.data());
    }

private:
    std::vector<std::uint8_t> bytes_ = std::vector<std::uint8_t>(kFirstSize);
};

std::u16string name_in(const wchar_t* name, ULONG bytes) {
    return to_units({name, bytes / sizeof(wchar_t)});
}

Value value_in(const NtValueFullInformation& found) {
    Value value;
    value.name = name_in(found.name, found.name_length);
    value.data.type = static_cast<ValueType>(found.type);
    // Without data the offset is not one.
    if (found.data_length != 0) {
        const auto* data = reinterpret_cast<const std::uint8_t*>(&found) + found.data_offset;
        value.data.bytes.assign(data, data + found.data_length);
    }
    return value;
}

}  // namespace

OpenKey::OpenKey(const Ntdll& ntdll, KeyHandle handle, KeyPath path)
    : ntdll_(ntdll), handle_(std::move(handle)), path_(std::move(path)) {}

Error OpenKey::failure(NtStatus status, const char* doing) const {
    return system_error(ntdll_.to_system_code(status), doing, path_.utf8());
}

Result<KeyInfo> OpenKey::info() {
    Answer answer;
    const NtStatus status = answer.fetch([&](void* data, ULONG size, ULONG* needed) {
        return ntdll_.query_key(handle_.get(), Ntdll::kKeyFullInformation, data, size, needed);
    });
    if (status < 0) return failure(status, "querying the key");
    const auto& found = answer.as<NtKeyFullInformation>();
    return KeyInfo{to_wall_time(found.last_write.QuadPart), found.subkeys, found.values};
}

Result<std::vector<Value>> OpenKey::values() {
    std::vector<Value> values;
    Answer answer;
    for (ULONG index = 0;; ++index) {
        const NtStatus status = answer.fetch([&](void* data, ULONG size, ULONG* needed) {
            return ntdll_.enumerate_value_key(handle_.get(), index, Ntdll::kValueFullInformation,
                                              data, size, needed);
        });
        if (status == Ntdll::kNoMoreEntries) return values;
        if (status < 0) return failure(status, "reading the values of");
        values.push_back(value_in(answer.as<NtValueFullInformation>()));
    }
}

Result<std::vector<SubkeyName>> OpenKey::subkeys() {
    std::vector<SubkeyName> subkeys;
    Answer answer;
    for (ULONG index = 0;; ++index) {
        const NtStatus status = answer.fetch([&](void* data, ULONG size, ULONG* needed) {
            return ntdll_.enumerate_key(handle_.get(), index, Ntdll::kKeyBasicInformation, data,
                                        size, needed);
        });
        if (status == Ntdll::kNoMoreEntries) return subkeys;
        if (status < 0) return failure(status, "reading the subkeys of");
        const auto& found = answer.as<NtKeyBasicInformation>();
        subkeys.push_back(
            {name_in(found.name, found.name_length), to_wall_time(found.last_write.QuadPart)});
    }
}

Result<std::unique_ptr<RegistryKey>> OpenKey::open_subkey(std::u16string_view name) {
    KeyPath path = path_.child(name);
    if (name.empty() || name.find(u'\\') != name.npos)
        return system_error(ERROR_INVALID_NAME, "opening the key", path.utf8());
    auto handle = name.find(u'\0') == name.npos
                      ? open_by_name(handle_.get(), name, path, kReadingRights, Links::opened)
                      : open_by_counted_name(ntdll_, handle_.get(), name, path, kReadingRights,
                                             Links::opened);
    if (!handle) return std::move(handle).error();
    return std::unique_ptr<RegistryKey>(
        std::make_unique<OpenKey>(ntdll_, std::move(*handle), std::move(path)));
}

Result<std::string> OpenKey::security() {
    constexpr const char* kDoing = "reading the security of";
    constexpr SECURITY_INFORMATION kParts =
        OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
    std::vector<std::uint8_t> bytes(kFirstSize);
    for (;;) {
        auto size = static_cast<DWORD>(bytes.size());
        const LSTATUS code = RegGetKeySecurity(handle_.get(), kParts, bytes.data(), &size);
        if (code == ERROR_SUCCESS) break;
        if (code != ERROR_INSUFFICIENT_BUFFER) {
            return system_error(static_cast<DWORD>(code), kDoing, path_.utf8());
        }
        bytes.resize(std::max<std::size_t>(size, bytes.size() * 2));
    }
    LocalPtr<wchar_t> sddl;
    if (!ConvertSecurityDescriptorToStringSecurityDescriptorW(bytes.data(), SDDL_REVISION_1, kParts,
                                                              sddl.receive(), nullptr)) {
        return system_error(GetLastError(), kDoing, path_.utf8());
    }
    return to_utf8(std::wstring_view(sddl.get()));
}

Result<std::u16string> OpenKey::native_name() {
    Answer answer;
    const NtStatus status = answer.fetch([&](void* data, ULONG size, ULONG* needed) {
        return ntdll_.query_key(handle_.get(), Ntdll::kKeyNameInformation, data, size, needed);
    });
    if (status < 0) return failure(status, "asking for the name of");
    const auto& found = answer.as<NtKeyNameInformation>();
    return name_in(found.name, found.name_length);
}

Result<void> OpenKey::request_signal(Event& event, Scope scope) {
    constexpr const char* kDoing = "asking to be notified of changes of";
    // The system would succeed and keep to the first scope.
    if (scope_.value_or(scope) != scope) {
        return Error{ErrorKind::invalid, 0, kDoing, path_.utf8(),
                     "the scope of an open key cannot be changed"};
    }
    scope_ = scope;
    DWORD filter = REG_NOTIFY_CHANGE_NAME;
    if (scope != Scope::names) filter |= REG_NOTIFY_CHANGE_LAST_SET | REG_NOTIFY_CHANGE_SECURITY;
    const BOOL below = scope == Scope::subtree;
    const auto ask = [&](DWORD with) {
        return RegNotifyChangeKeyValue(handle_.get(), below, filter | with, handle_of(event), TRUE);
    };
    // Where it is known (Windows 8 and later), the flag is a second guard beside the thread: the
    // registration then survives even the thread that made it.
    LSTATUS code = ask(REG_NOTIFY_THREAD_AGNOSTIC);
    if (code == ERROR_INVALID_PARAMETER) code = ask(0);
    if (code != ERROR_SUCCESS) return system_error(static_cast<DWORD>(code), kDoing, path_.utf8());
    return {};
}

}  // namespace regwatch::win32
