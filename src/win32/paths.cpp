#include "win32/paths.h"

#include <algorithm>
#include <array>
#include <cwctype>
#include <utility>

#include "win32/error.h"
#include "win32/handle.h"
#include "win32/text.h"

#include <shlobj.h>

namespace regwatch::win32 {
namespace {

constexpr std::wstring_view kSeparators = L"\\/";

bool is_folder(const std::wstring& path) {
    const DWORD attributes = GetFileAttributesW(path.c_str());
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

// For functions that fill a buffer and answer the length, or the size they need.
template <class Ask>
std::wstring ask_for_text(Ask ask) {
    std::wstring buffer(MAX_PATH, L'\0');
    for (;;) {
        const DWORD length = ask(buffer.data(), static_cast<DWORD>(buffer.size()));
        const bool fits = length < buffer.size();
        buffer.resize(std::max<std::size_t>(length, fits ? 0 : buffer.size() * 2));
        if (fits) return buffer;
    }
}

// Loaded when needed and from System32 only: a program that imports shell32 loads a dozen libraries
// more, from wherever the search order says.
std::wstring shells_program_data() {
    const Module shell(LoadLibraryExW(L"shell32.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32));
    if (!shell) return {};
    const auto ask = reinterpret_cast<decltype(&SHGetFolderPathW)>(
        reinterpret_cast<void*>(GetProcAddress(shell.get(), "SHGetFolderPathW")));
    std::array<wchar_t, MAX_PATH> path{};
    if (ask == nullptr ||
        FAILED(ask(nullptr, CSIDL_COMMON_APPDATA, nullptr, SHGFP_TYPE_CURRENT, path.data())))
        return {};
    return path.data();
}

}  // namespace

Result<std::string> program_data_folder() {
    std::wstring path = shells_program_data();
    if (path.empty()) {
        path = ask_for_text([](wchar_t* buffer, DWORD size) {
            return GetEnvironmentVariableW(L"ProgramData", buffer, size);
        });
    }
    if (!is_absolute(path) || !is_folder(path)) {
        return Error{ErrorKind::not_found, 0, "finding the folder", "ProgramData",
                     path.empty() ? "neither the shell nor the environment tells it"
                                  : to_utf8(path) + " is not the absolute path of a folder"};
    }
    return to_utf8(path);
}

Result<std::string> module_path() {
    SetLastError(ERROR_SUCCESS);
    const std::wstring path = ask_for_text(
        [](wchar_t* buffer, DWORD size) { return GetModuleFileNameW(nullptr, buffer, size); });
    const DWORD code = GetLastError();
    if (path.empty()) return system_error(code, "asking for the path of", "this program");
    return to_utf8(path);
}

Result<std::wstring> system_folder() {
    std::wstring path =
        ask_for_text([](wchar_t* buffer, DWORD size) { return GetSystemDirectoryW(buffer, size); });
    const DWORD code = GetLastError();
    if (path.empty()) return system_error(code, "asking for", "the system folder");
    return path;
}

Result<std::wstring> windows_folder() {
    std::wstring path = ask_for_text(
        [](wchar_t* buffer, DWORD size) { return GetSystemWindowsDirectoryW(buffer, size); });
    const DWORD code = GetLastError();
    if (path.empty()) return system_error(code, "asking for", "the Windows folder");
    return path;
}

Result<std::string> expand_environment(const std::string& text) {
    if (text.find('%') == text.npos) return text;
    const std::wstring source = to_wide(text);
    // Answers the size with the terminator, whether it fits or not.
    const DWORD size = ExpandEnvironmentStringsW(source.c_str(), nullptr, 0);
    std::wstring expanded(size, L'\0');
    const DWORD length = ExpandEnvironmentStringsW(source.c_str(), expanded.data(), size);
    const DWORD code = GetLastError();
    if (length == 0) return system_error(code, "expanding the variables in", text);
    expanded.resize(std::min(length, size) - 1);
    return to_utf8(expanded);
}

bool is_absolute(std::wstring_view path) noexcept {
    const auto separator = [&](std::size_t at) {
        return path.size() > at && kSeparators.find(path[at]) != kSeparators.npos;
    };
    const bool drive = path.size() > 2 && std::iswalpha(static_cast<wint_t>(path[0])) &&
                       path[1] == L':' && separator(2);
    return drive || (separator(0) && separator(1));
}

std::wstring to_long_path(const std::string& utf8) {
    // CreateDirectoryW already stops 12 units earlier, to leave room for a short file name.
    constexpr std::size_t kLongestPlain = MAX_PATH - 12;
    std::wstring path = to_wide(utf8);
    std::replace(path.begin(), path.end(), L'/', L'\\');
    if (path.size() < kLongestPlain || !is_absolute(path) || path.starts_with(L"\\\\?\\"))
        return path;
    if (path.starts_with(L"\\\\")) return L"\\\\?\\UNC\\" + path.substr(2);
    return L"\\\\?\\" + path;
}

std::wstring parent_of(std::wstring_view path) {
    const std::size_t separator = path.find_last_of(kSeparators);
    return std::wstring(path.substr(0, separator == path.npos ? 0 : separator));
}

Result<void> create_folders(const std::wstring& path) {
    if (is_folder(path) || path.empty() || path.back() == L':') return {};
    if (auto above = create_folders(parent_of(path)); !above) return above;
    if (!CreateDirectoryW(path.c_str(), nullptr)) {
        const DWORD code = GetLastError();
        // Somebody else made it in between, or it is the root of a share.
        if (code != ERROR_ALREADY_EXISTS && !is_folder(path))
            return system_error(code, "creating the folder", to_utf8(path));
    }
    return {};
}

}  // namespace regwatch::win32
