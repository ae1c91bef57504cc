#include "win32/security.h"

#include "win32/current_user.h"
#include "win32/error.h"
#include "win32/handle.h"
#include "win32/paths.h"
#include "win32/text.h"

#include <sddl.h>

namespace regwatch::win32 {
namespace {

// Protected (P: nothing is inherited from above), for SYSTEM and the administrators; for the users
// FILE_GENERIC_READ and FILE_EXECUTE.
constexpr const wchar_t* kOwner = L"O:BA";
constexpr const wchar_t* kForUs = L"D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
constexpr const wchar_t* kForUsers = L"(A;OICI;0x1200a9;;;AU)";

DWORD create(const std::wstring& path, const std::wstring& sddl) {
    LocalPtr<void> descriptor;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl.c_str(), SDDL_REVISION_1,
                                                              descriptor.receive(), nullptr))
        return GetLastError();
    SECURITY_ATTRIBUTES attributes{sizeof(SECURITY_ATTRIBUTES), descriptor.get(), FALSE};
    return CreateDirectoryW(path.c_str(), &attributes) ? ERROR_SUCCESS : GetLastError();
}

}  // namespace

Result<void> create_protected_folder(const std::string& path, FolderAccess access) {
    constexpr const char* kCreating = "creating the folder";
    const std::wstring wide = to_long_path(path);
    if (!is_absolute(wide)) return system_error(ERROR_BAD_PATHNAME, kCreating, path);
    if (auto above = create_folders(parent_of(wide)); !above) return above;

    std::wstring list = kForUs;
    if (access == FolderAccess::users_may_read) list += kForUsers;
    DWORD code = create(wide, kOwner + list);
    if (code == ERROR_INVALID_OWNER || code == ERROR_PRIVILEGE_NOT_HELD) {
        // Somebody who is no administrator tries things out in a folder of his own; without an
        // entry for himself he could not write to it.
        auto user = current_user_sid();
        if (!user) return std::move(user).error();
        code = create(wide, list + L"(A;OICI;FA;;;" + to_wide(*user) + L")");
    }
    if (code != ERROR_SUCCESS && code != ERROR_ALREADY_EXISTS)
        return system_error(code, kCreating, path);
    return {};
}

}  // namespace regwatch::win32
