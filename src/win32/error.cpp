#include "win32/error.h"

#include <array>
#include <utility>

#include "win32/text.h"

namespace regwatch::win32 {

namespace {
// Not in every version of winerror.h.
constexpr DWORD kElevationRequired = 740;
constexpr DWORD kHandleRevoked = 811;
}  // namespace

ErrorKind kind_of(DWORD code) noexcept {
    switch (code) {
        // App-V answers 2 and 3 for a key that was deleted under the handle; there it only costs
        // one more attempt to open it by name.
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
        case ERROR_MOD_NOT_FOUND:
        case ERROR_PROC_NOT_FOUND:
        case ERROR_INVALID_DRIVE:
        case ERROR_SERVICE_DOES_NOT_EXIST:
            return ErrorKind::not_found;
        case ERROR_KEY_DELETED:
            return ErrorKind::gone;
        // The hive of a user who logged off is taken away under open handles.
        case kHandleRevoked:
            return ErrorKind::gone;
        case ERROR_ACCESS_DENIED:
        case ERROR_PRIVILEGE_NOT_HELD:
        case ERROR_INVALID_OWNER:
        case kElevationRequired:
        case ERROR_ACCESS_DISABLED_BY_POLICY:
            return ErrorKind::denied;
        case ERROR_INVALID_PARAMETER:
        case ERROR_INVALID_NAME:
        case ERROR_BAD_PATHNAME:
        case ERROR_FILENAME_EXCED_RANGE:
        case ERROR_BAD_EXE_FORMAT:
        case ERROR_EXE_MACHINE_TYPE_MISMATCH:
        case ERROR_DIRECTORY:
            return ErrorKind::invalid;
        case ERROR_NOT_SUPPORTED:
        case ERROR_CALL_NOT_IMPLEMENTED:
        case ERROR_INVALID_FUNCTION:
        case ERROR_INVALID_LEVEL:
            return ErrorKind::unsupported;
        case ERROR_INVALID_HANDLE:
            return ErrorKind::internal;
        default:
            return ErrorKind::transient;
    }
}

std::string message_of(DWORD code) {
    constexpr DWORD kFlags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS |
                             FORMAT_MESSAGE_MAX_WIDTH_MASK;  // no line breaks
    constexpr DWORD kEnglish = 0x0409;
    std::array<wchar_t, 1024> buffer{};
    const auto format = [&](DWORD language) {
        return FormatMessageW(kFlags, nullptr, code, language, buffer.data(),
                              static_cast<DWORD>(buffer.size()), nullptr);
    };
    // English like the rest of the message; a Windows in another language may not have it.
    DWORD length = format(kEnglish);
    if (length == 0) length = format(0);
    std::wstring_view text(buffer.data(), length);
    while (!text.empty() && std::wstring_view(L" .\r\n").find(text.back()) != text.npos)
        text.remove_suffix(1);
    return to_utf8(text);
}

Error system_error(DWORD code, std::string doing, std::string subject) {
    return {kind_of(code), code, std::move(doing), std::move(subject), message_of(code)};
}

}  // namespace regwatch::win32
