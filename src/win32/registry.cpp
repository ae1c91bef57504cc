#include "win32/registry.h"

#include <string_view>
#include <utility>

#include "win32/error.h"
#include "win32/registry_key.h"
#include "win32/text.h"

namespace regwatch::win32 {
namespace {

constexpr ULONG kCaseInsensitive = 0x40;  // OBJ_CASE_INSENSITIVE
constexpr ULONG kOpenLink = 0x100;        // OBJ_OPENLINK

constexpr const char* kOpening = "opening the key";

// RegOpenKeyExW answers an empty name below a predefined key with that same predefined key, which
// is no handle for ntdll; so roots are opened by their own full name.
Result<KeyHandle> open_root(const Ntdll& ntdll, const KeyPath& path, REGSAM rights) {
    const bool machine = path.root == Root::local_machine;
    return open_by_counted_name(
        ntdll, nullptr, machine ? u"\\REGISTRY\\MACHINE" : u"\\REGISTRY\\USER", path, rights);
}

}  // namespace

Result<KeyHandle> open_path(const Ntdll& ntdll, const KeyPath& path, REGSAM rights) {
    if (path.is_root()) return open_root(ntdll, path, rights);
    const HKEY root = path.root == Root::local_machine ? HKEY_LOCAL_MACHINE : HKEY_USERS;
    const std::u16string_view subkey = path.subkey;
    const std::size_t nul = subkey.find(u'\0');
    if (nul == subkey.npos) return open_by_name(root, subkey, path, rights);

    // The view applies to what stands before the name with the NUL; no view divides the rest.
    const std::size_t separator = subkey.rfind(u'\\', nul);
    if (separator == subkey.npos) {
        auto parent = open_root(ntdll, path, kReadingRights);
        if (!parent) return std::move(parent).error();
        return open_by_counted_name(ntdll, parent->get(), subkey, path, rights);
    }
    auto parent = open_by_name(root, subkey.substr(0, separator), path);
    if (!parent) return std::move(parent).error();
    return open_by_counted_name(ntdll, parent->get(), subkey.substr(separator + 1), path, rights);
}

Result<KeyHandle> open_by_name(HKEY parent, std::u16string_view name, const KeyPath& path,
                               REGSAM rights, Links links) {
    const REGSAM view = path.view == View::bits32 ? KEY_WOW64_32KEY : KEY_WOW64_64KEY;
    KeyHandle handle;
    const LSTATUS code = RegOpenKeyExW(parent, to_wide(name).c_str(),
                                       links == Links::opened ? REG_OPTION_OPEN_LINK : 0,
                                       rights | view, handle.receive());
    if (code != ERROR_SUCCESS) return system_error(static_cast<DWORD>(code), kOpening, path.utf8());
    return handle;
}

std::optional<CountedName> CountedName::make(const std::wstring& text, HKEY parent) noexcept {
    const std::size_t bytes = text.size() * sizeof(wchar_t);
    if (bytes > 0xFFFE) return std::nullopt;
    CountedName name;
    name.string_.length = name.string_.capacity = static_cast<USHORT>(bytes);
    name.string_.buffer = text.data();
    name.attributes_.root = parent;
    name.attributes_.attributes = kCaseInsensitive;
    return name;
}

void CountedName::open_link() noexcept { attributes_.attributes |= kOpenLink; }

Result<KeyHandle> open_by_counted_name(const Ntdll& ntdll, HKEY parent, std::u16string_view name,
                                       const KeyPath& path, REGSAM rights, Links links) {
    const std::wstring wide = to_wide(name);
    auto counted = CountedName::make(wide, parent);
    if (!counted) return system_error(ERROR_INVALID_NAME, kOpening, path.utf8());
    if (links == Links::opened) counted->open_link();
    HANDLE raw = nullptr;
    const NtStatus status = ntdll.open_key(&raw, rights, counted->attributes());
    if (status < 0) return system_error(ntdll.to_system_code(status), kOpening, path.utf8());
    return KeyHandle(static_cast<HKEY>(raw));
}

Result<std::unique_ptr<SystemRegistry>> SystemRegistry::create() {
    auto ntdll = Ntdll::load();
    if (!ntdll) return std::move(ntdll).error();
    return std::make_unique<SystemRegistry>(*ntdll);
}

SystemRegistry::SystemRegistry(const Ntdll& ntdll) : ntdll_(ntdll) {}

Result<std::unique_ptr<RegistryKey>> SystemRegistry::open(const KeyPath& path) {
    if (path.root == Root::current_user) {
        return Error{ErrorKind::invalid, 0, kOpening, path.utf8(),
                     "HKCU is another key for every user; it must be replaced by HKU\\<SID>"};
    }
    auto handle = open_path(ntdll_, path);
    if (!handle) return std::move(handle).error();
    return std::unique_ptr<RegistryKey>(
        std::make_unique<OpenKey>(ntdll_, std::move(*handle), path));
}

}  // namespace regwatch::win32
