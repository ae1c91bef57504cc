#include "win32/current_user.h"

#include <cstdint>
#include <vector>

#include "win32/error.h"
#include "win32/handle.h"
#include "win32/text.h"

#include <sddl.h>

namespace regwatch::win32 {
namespace {

Error failure() {
    const DWORD code = GetLastError();
    return system_error(code, "asking for", "the user of this process");
}

}  // namespace

Result<std::string> current_user_sid() {
    Handle token;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, token.receive())) return failure();
    DWORD size = 0;
    GetTokenInformation(token.get(), TokenUser, nullptr, 0, &size);
    std::vector<std::uint8_t> memory(size);
    if (!GetTokenInformation(token.get(), TokenUser, memory.data(), size, &size)) return failure();
    const auto& user = *reinterpret_cast<const TOKEN_USER*>(memory.data());
    LocalPtr<wchar_t> text;
    if (!ConvertSidToStringSidW(user.User.Sid, text.receive())) return failure();
    return to_utf8(text.get());
}

}  // namespace regwatch::win32
