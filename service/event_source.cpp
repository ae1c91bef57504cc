#include "service/event_source.h"

#include "change/event_id.h"
#include "win32/error.h"
#include "win32/event_log.h"
#include "win32/handle.h"
#include "win32/paths.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch {
namespace {

constexpr DWORD kCategories = static_cast<DWORD>(EventCategory::delivery);
constexpr DWORD kTypes = EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE;

std::wstring key_path() {
    return std::wstring(L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\") +
           win32::SystemEventLog::kSource;
}

Error failed(DWORD code, const char* doing) {
    return win32::system_error(code, doing, "HKLM\\" + win32::to_utf8(key_path()));
}

LSTATUS set_text(HKEY key, const wchar_t* name, const std::wstring& text) {
    const auto bytes = static_cast<DWORD>((text.size() + 1) * sizeof(wchar_t));
    return RegSetValueExW(key, name, 0, REG_EXPAND_SZ, reinterpret_cast<const BYTE*>(text.c_str()),
                          bytes);
}

LSTATUS set_number(HKEY key, const wchar_t* name, DWORD number) {
    return RegSetValueExW(key, name, 0, REG_DWORD, reinterpret_cast<const BYTE*>(&number),
                          sizeof number);
}

}  // namespace

Result<void> register_event_source(const std::string& message_file) {
    if (const auto known = event_source_file(); known && is_foreign_message_file(*known)) {
        return Error{ErrorKind::invalid, 0, "registering the event source",
                     "HKLM\\" + win32::to_utf8(key_path()),
                     "it is another program's, whose texts are in " + *known +
                         "; remove that program, or the key if the program is gone"};
    }
    win32::KeyHandle key;
    LSTATUS code =
        RegCreateKeyExW(HKEY_LOCAL_MACHINE, key_path().c_str(), 0, nullptr, 0,
                        KEY_SET_VALUE | KEY_WOW64_64KEY, nullptr, key.receive(), nullptr);
    const std::wstring file = win32::to_wide(message_file);
    if (code == ERROR_SUCCESS) code = set_text(key.get(), L"EventMessageFile", file);
    if (code == ERROR_SUCCESS) code = set_text(key.get(), L"CategoryMessageFile", file);
    if (code == ERROR_SUCCESS) code = set_number(key.get(), L"CategoryCount", kCategories);
    if (code == ERROR_SUCCESS) code = set_number(key.get(), L"TypesSupported", kTypes);
    if (code != ERROR_SUCCESS)
        return failed(static_cast<DWORD>(code), "registering the event source");
    return {};
}

Result<void> ensure_event_source(const std::string& message_file) {
    win32::KeyHandle key;
    const LSTATUS code = RegOpenKeyExW(HKEY_LOCAL_MACHINE, key_path().c_str(), 0,
                                       KEY_QUERY_VALUE | KEY_WOW64_64KEY, key.receive());
    const bool registered =
        code == ERROR_SUCCESS && RegQueryValueExW(key.get(), L"EventMessageFile", nullptr, nullptr,
                                                  nullptr, nullptr) == ERROR_SUCCESS;
    return registered ? Result<void>() : register_event_source(message_file);
}

std::optional<std::string> event_source_file() {
    win32::KeyHandle key;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, key_path().c_str(), 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY,
                      key.receive()) != ERROR_SUCCESS)
        return std::nullopt;
    wchar_t text[1024] = {};
    DWORD bytes = sizeof text - sizeof(wchar_t);  // so that there is an end in any case
    if (RegQueryValueExW(key.get(), L"EventMessageFile", nullptr, nullptr,
                         reinterpret_cast<BYTE*>(text), &bytes) != ERROR_SUCCESS)
        return std::nullopt;
    const std::string file = win32::to_utf8(text);
    const auto expanded = win32::expand_environment(file);
    return expanded ? *expanded : file;
}

Result<bool> remove_event_source() {
    if (const auto known = event_source_file(); known && is_foreign_message_file(*known))
        return false;
    const LSTATUS code =
        RegDeleteKeyExW(HKEY_LOCAL_MACHINE, key_path().c_str(), KEY_WOW64_64KEY, 0);
    if (code == ERROR_FILE_NOT_FOUND) return false;
    if (code != ERROR_SUCCESS) return failed(static_cast<DWORD>(code), "removing the event source");
    return true;
}

}  // namespace regwatch
