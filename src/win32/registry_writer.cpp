#include "win32/registry_writer.h"

#include <string>
#include <utility>
#include <vector>

#include "win32/error.h"
#include "win32/registry_key.h"
#include "win32/text.h"

namespace regwatch::win32 {

namespace {

constexpr const char* kCreatingKey = "creating the key";

Result<void> check_root(const KeyPath& key, const char* doing) {
    if (key.root != Root::current_user) return {};
    return Error{ErrorKind::invalid, 0, doing, key.utf8(),
                 "HKCU is another key for every user; it must be replaced by HKU\\<SID>"};
}

// Below a volatile key the system takes volatile ones only.
Result<KeyHandle> create_below(const Ntdll& ntdll, HKEY parent, std::u16string_view name,
                               const KeyPath& key) {
    const std::wstring wide = to_wide(name);
    auto counted = CountedName::make(wide, parent);
    if (!counted) return system_error(ERROR_INVALID_NAME, kCreatingKey, key.utf8());
    HANDLE raw = nullptr;
    NtStatus status = 0;
    for (const ULONG options : {REG_OPTION_NON_VOLATILE, REG_OPTION_VOLATILE}) {
        status = ntdll.create_key(&raw, KEY_CREATE_SUB_KEY, counted->attributes(), 0, nullptr,
                                  options, nullptr);
        if (status != Ntdll::kChildMustBeVolatile) break;
    }
    if (status < 0) return system_error(ntdll.to_system_code(status), kCreatingKey, key.utf8());
    return KeyHandle(static_cast<HKEY>(raw));
}

// The deepest key on the way that exists, and the names that are missing below it, the last first.
struct Existing {
    KeyHandle key;
    std::vector<std::u16string> missing;
};

Result<Existing> open_existing(const Ntdll& ntdll, KeyPath path) {
    std::vector<std::u16string> missing;
    for (;;) {
        auto opened = open_path(ntdll, path, missing.empty() ? KEY_READ : KEY_CREATE_SUB_KEY);
        if (opened) return Existing{std::move(*opened), std::move(missing)};
        auto parent = path.parent();
        if (opened.error().kind != ErrorKind::not_found || !parent)
            return std::move(opened).error();
        missing.emplace_back(path.leaf());
        path = std::move(*parent);
    }
}

}  // namespace

Result<std::unique_ptr<SystemRegistryWriter>> SystemRegistryWriter::create() {
    auto ntdll = Ntdll::load();
    if (!ntdll) return std::move(ntdll).error();
    return std::make_unique<SystemRegistryWriter>(*ntdll);
}

SystemRegistryWriter::SystemRegistryWriter(const Ntdll& ntdll) : ntdll_(ntdll) {}

Result<void> SystemRegistryWriter::set_value(const KeyPath& key, std::u16string_view name,
                                             const ValueData& data) {
    constexpr const char* kSetting = "setting a value of the key";
    if (auto checked = check_root(key, kSetting); !checked) return checked;
    auto handle = open_path(ntdll_, key, KEY_SET_VALUE);
    if (!handle) return std::move(handle).error();
    const std::wstring wide = to_wide(name);
    auto counted = CountedName::make(wide, nullptr);
    if (!counted || data.bytes.size() > MAXDWORD)
        return system_error(ERROR_INVALID_PARAMETER, kSetting, key.utf8());
    const NtStatus status =
        ntdll_.set_value_key(handle->get(), counted->string(), 0, static_cast<ULONG>(data.type),
                             data.bytes.data(), static_cast<ULONG>(data.bytes.size()));
    if (status < 0) return system_error(ntdll_.to_system_code(status), kSetting, key.utf8());
    return {};
}

Result<void> SystemRegistryWriter::delete_value(const KeyPath& key, std::u16string_view name) {
    constexpr const char* kDeleting = "deleting a value of the key";
    if (auto checked = check_root(key, kDeleting); !checked) return checked;
    auto handle = open_path(ntdll_, key, KEY_SET_VALUE);
    if (!handle) return std::move(handle).error();
    const std::wstring wide = to_wide(name);
    auto counted = CountedName::make(wide, nullptr);
    if (!counted) return system_error(ERROR_INVALID_PARAMETER, kDeleting, key.utf8());
    const NtStatus status = ntdll_.delete_value_key(handle->get(), counted->string());
    if (status < 0) return system_error(ntdll_.to_system_code(status), kDeleting, key.utf8());
    return {};
}

Result<void> SystemRegistryWriter::create_key(const KeyPath& key) {
    if (auto checked = check_root(key, kCreatingKey); !checked) return checked;
    auto existing = open_existing(ntdll_, key);
    if (!existing) return std::move(existing).error();
    KeyHandle at = std::move(existing->key);
    for (auto name = existing->missing.rbegin(); name != existing->missing.rend(); ++name) {
        auto created = create_below(ntdll_, at.get(), *name, key);
        if (!created) return std::move(created).error();
        at = std::move(*created);
    }
    return {};
}

Result<void> SystemRegistryWriter::delete_key(const KeyPath& key) {
    constexpr const char* kDeleting = "deleting the key";
    if (auto checked = check_root(key, kDeleting); !checked) return checked;
    auto handle = open_path(ntdll_, key, DELETE);
    if (!handle) return std::move(handle).error();
    const NtStatus status = ntdll_.delete_key(handle->get());
    if (status < 0) return system_error(ntdll_.to_system_code(status), kDeleting, key.utf8());
    return {};
}

}  // namespace regwatch::win32
