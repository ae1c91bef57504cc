#include "contract/win32_registry_editor.h"

#include <stdexcept>
#include <vector>

#include "win32/error.h"
#include "win32/text.h"

#include <sddl.h>

namespace regwatch::test {
namespace {

using win32::KeyHandle;
using win32::NtObjectAttributes;
using win32::NtStatus;
using win32::NtString;

constexpr ULONG kCaseInsensitive = 0x40;

void check_code(LSTATUS code, const char* doing) {
    if (code != ERROR_SUCCESS)
        throw std::runtime_error(
            win32::system_error(static_cast<DWORD>(code), doing, "the scratch key").text());
}

// A counted name with the attributes that point at it.
class Name {
public:
    explicit Name(std::u16string_view text, HKEY parent = nullptr) : wide_(win32::to_wide(text)) {
        string_.length = string_.capacity = static_cast<USHORT>(wide_.size() * sizeof(wchar_t));
        string_.buffer = wide_.data();
        attributes_.root = parent;
        attributes_.name = &string_;
        attributes_.attributes = kCaseInsensitive;
    }
    Name(const Name&) = delete;
    Name& operator=(const Name&) = delete;

    [[nodiscard]] const NtString* string() const { return &string_; }
    [[nodiscard]] const NtObjectAttributes* attributes() const { return &attributes_; }

private:
    const std::wstring wide_;
    NtString string_;
    NtObjectAttributes attributes_;
};

std::pair<std::u16string_view, std::u16string_view> split(std::u16string_view key) {
    const std::size_t separator = key.rfind(u'\\');
    if (separator == key.npos) return {u"", key};
    return {key.substr(0, separator), key.substr(separator + 1)};
}

win32::Ntdll load_ntdll() {
    auto ntdll = win32::Ntdll::load();
    if (!ntdll) throw std::runtime_error(ntdll.error().text());
    return *ntdll;
}

}  // namespace

Win32RegistryEditor::Win32RegistryEditor()
    : ntdll_(load_ntdll()),
      name_(win32::to_units(L"regwatch-contract-" + std::to_wstring(GetCurrentProcessId()))) {
    for (const REGSAM view : {KEY_WOW64_64KEY, KEY_WOW64_32KEY}) {
        KeyHandle key;
        check_code(
            RegCreateKeyExW(HKEY_LOCAL_MACHINE, win32::to_wide(u"SOFTWARE\\" + name_).c_str(), 0,
                            nullptr, REG_OPTION_VOLATILE, KEY_ALL_ACCESS | view, nullptr,
                            key.receive(), nullptr),
            "creating");
    }
}

Win32RegistryEditor::~Win32RegistryEditor() {
    try {
        while (!denied_.empty()) allow(std::u16string(*denied_.begin()));
        for (const REGSAM view : {KEY_WOW64_64KEY, KEY_WOW64_32KEY}) {
            KeyHandle software;
            check_code(RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE", 0, KEY_ALL_ACCESS | view,
                                     software.receive()),
                       "removing");
            delete_tree(software.get(), name_);
        }
    } catch (const std::exception& error) {
        // A test that deleted the scratch key itself, or failed half-way; the key is volatile.
        OutputDebugStringA(error.what());
    }
}

void Win32RegistryEditor::check(NtStatus status, const char* doing) const {
    if (status < 0) check_code(static_cast<LSTATUS>(ntdll_.to_system_code(status)), doing);
}

KeyHandle Win32RegistryEditor::open(std::u16string_view key, View view, ACCESS_MASK access) const {
    const REGSAM wow = view == View::bits32 ? KEY_WOW64_32KEY : KEY_WOW64_64KEY;
    KeyHandle scratch;
    const std::wstring path = win32::to_wide(u"SOFTWARE\\" + name_);
    const REGSAM rights = key.empty() ? access : KEY_READ;
    check_code(RegOpenKeyExW(HKEY_LOCAL_MACHINE, path.c_str(), 0, rights | wow, scratch.receive()),
               "opening");
    if (key.empty()) return scratch;
    const Name name(key, scratch.get());
    HANDLE raw = nullptr;
    check(ntdll_.open_key(&raw, access, name.attributes()), "opening a key below");
    return KeyHandle(static_cast<HKEY>(raw));
}

KeyPath Win32RegistryEditor::path(std::u16string_view key, View view) const {
    std::u16string subkey = u"SOFTWARE\\" + name_;
    if (!key.empty()) subkey += u'\\' + std::u16string(key);
    return {Root::local_machine, subkey, view};
}

void Win32RegistryEditor::create_key(std::u16string_view key, View view) {
    KeyHandle parent = open(u"", view, KEY_ALL_ACCESS);
    while (!key.empty()) {
        const std::size_t separator = std::min(key.find(u'\\'), key.size());
        const Name name(key.substr(0, separator), parent.get());
        HANDLE raw = nullptr;
        check(ntdll_.create_key(&raw, KEY_ALL_ACCESS, name.attributes(), 0, nullptr,
                                REG_OPTION_VOLATILE, nullptr),
              "creating a key below");
        parent = KeyHandle(static_cast<HKEY>(raw));
        key.remove_prefix(std::min(separator + 1, key.size()));
    }
}

void Win32RegistryEditor::set_value(std::u16string_view key, std::u16string_view name,
                                    const ValueData& data) {
    const KeyHandle handle = open(key, View::bits64, KEY_SET_VALUE);
    check(ntdll_.set_value_key(handle.get(), Name(name).string(), 0, static_cast<ULONG>(data.type),
                               data.bytes.data(), static_cast<ULONG>(data.bytes.size())),
          "setting a value below");
}

void Win32RegistryEditor::delete_value(std::u16string_view key, std::u16string_view name) {
    const KeyHandle handle = open(key, View::bits64, KEY_SET_VALUE);
    check(ntdll_.delete_value_key(handle.get(), Name(name).string()), "deleting a value below");
}

void Win32RegistryEditor::delete_key(std::u16string_view key) {
    const auto [above, leaf] = split(key);
    delete_tree(open(above, View::bits64, KEY_READ).get(), leaf);
}

void Win32RegistryEditor::delete_tree(HKEY parent, std::u16string_view name) {
    const Name counted(name, parent);
    HANDLE raw = nullptr;
    check(ntdll_.open_key(&raw, KEY_ALL_ACCESS, counted.attributes()), "opening a key below");
    const KeyHandle key(static_cast<HKEY>(raw));
    std::vector<std::uint64_t> memory(256);
    for (;;) {
        ULONG needed = 0;
        const NtStatus status =
            ntdll_.enumerate_key(key.get(), 0, win32::Ntdll::kKeyBasicInformation, memory.data(),
                                 static_cast<ULONG>(memory.size() * sizeof(memory[0])), &needed);
        if (status == win32::Ntdll::kNoMoreEntries) break;
        check(status, "listing a key below");
        const auto& found = *reinterpret_cast<const win32::NtKeyBasicInformation*>(memory.data());
        delete_tree(key.get(), win32::to_units({found.name, found.name_length / sizeof(wchar_t)}));
    }
    check(ntdll_.delete_key(key.get()), "deleting a key below");
}

void Win32RegistryEditor::rename_key(std::u16string_view key, std::u16string_view new_leaf) {
    const auto [above, leaf] = split(key);
    const KeyHandle parent = open(above, View::bits64, KEY_ALL_ACCESS);
    check_code(
        RegRenameKey(parent.get(), win32::to_wide(leaf).c_str(), win32::to_wide(new_leaf).c_str()),
        "renaming a key below");
}

void Win32RegistryEditor::set_access(std::u16string_view key, const wchar_t* sddl) {
    win32::LocalPtr<void> descriptor;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl, SDDL_REVISION_1,
                                                              descriptor.receive(), nullptr))
        check_code(static_cast<LSTATUS>(GetLastError()), "describing the access to");
    const KeyHandle handle = open(key, View::bits64, WRITE_DAC);
    check_code(RegSetKeySecurity(handle.get(), DACL_SECURITY_INFORMATION, descriptor.get()),
               "changing the access to");
}

void Win32RegistryEditor::deny(std::u16string_view key) {
    // Reading only, so that the way back stays open.
    set_access(key, L"D:P(D;;0x0019;;;WD)(A;;KA;;;WD)");
    denied_.emplace(key);
}

void Win32RegistryEditor::allow(std::u16string_view key) {
    denied_.erase(std::u16string(key));
    set_access(key, L"D:P(A;;KA;;;WD)");
}

void Win32RegistryEditor::set_permissions(std::u16string_view key) {
    set_access(key, L"D:P(A;;KA;;;WD)(A;;KR;;;AN)");
}

}  // namespace regwatch::test
