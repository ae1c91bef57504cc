#include "service/event_source.h"

#include <vector>

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

std::optional<std::string> text_of(HKEY key, const wchar_t* name) {
    DWORD bytes = 0;
    if (RegQueryValueExW(key, name, nullptr, nullptr, nullptr, &bytes) != ERROR_SUCCESS)
        return std::nullopt;
    // One more, so that there is an end in any case.
    std::vector<wchar_t> text(bytes / sizeof(wchar_t) + 1, L'\0');
    bytes = static_cast<DWORD>((text.size() - 1) * sizeof(wchar_t));
    if (RegQueryValueExW(key, name, nullptr, nullptr, reinterpret_cast<BYTE*>(text.data()),
                         &bytes) != ERROR_SUCCESS)
        return std::nullopt;
    const std::string as_written = win32::to_utf8(text.data());
    const auto expanded = win32::expand_environment(as_written);
    return expanded ? *expanded : as_written;
}

std::optional<DWORD> number_of(HKEY key, const wchar_t* name) {
    DWORD number = 0;
    DWORD bytes = sizeof number;
    DWORD type = REG_NONE;
    if (RegQueryValueExW(key, name, nullptr, &type, reinterpret_cast<BYTE*>(&number), &bytes) !=
            ERROR_SUCCESS ||
        type != REG_DWORD)
        return std::nullopt;
    return number;
}

}  // namespace

Result<void> register_event_source(const std::string& message_file) {
    if (const auto known = find_event_source(); known && is_foreign_message_file(known->messages)) {
        return Error{ErrorKind::invalid, 0, "registering the event source",
                     "HKLM\\" + win32::to_utf8(key_path()),
                     "it is another program's, whose texts are in " + known->messages +
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
    return find_event_source() ? Result<void>() : register_event_source(message_file);
}

std::optional<EventSource> find_event_source() {
    win32::KeyHandle key;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, key_path().c_str(), 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY,
                      key.receive()) != ERROR_SUCCESS)
        return std::nullopt;
    const auto messages = text_of(key.get(), L"EventMessageFile");
    if (!messages) return std::nullopt;
    return EventSource{*messages, text_of(key.get(), L"CategoryMessageFile") == messages &&
                                      number_of(key.get(), L"CategoryCount") == kCategories &&
                                      number_of(key.get(), L"TypesSupported") == kTypes};
}

Result<bool> remove_event_source() {
    if (const auto known = find_event_source(); known && is_foreign_message_file(known->messages))
        return false;
    const LSTATUS code =
        RegDeleteKeyExW(HKEY_LOCAL_MACHINE, key_path().c_str(), KEY_WOW64_64KEY, 0);
    if (code == ERROR_FILE_NOT_FOUND) return false;
    if (code != ERROR_SUCCESS) return failed(static_cast<DWORD>(code), "removing the event source");
    return true;
}

}  // namespace regwatch
