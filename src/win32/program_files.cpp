#include "win32/program_files.h"

#include <algorithm>
#include <array>
#include <utility>

#include "text/sha256.h"
#include "win32/error.h"
#include "win32/handle.h"
#include "win32/paths.h"
#include "win32/text.h"

#include <sddl.h>

namespace regwatch::win32 {

namespace {

constexpr const char* kHolding = "holding the program";
constexpr const char* kAsking = "asking who may write to";
constexpr SECURITY_INFORMATION kAsked = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;

// By GetKernelObjectSecurity and not GetSecurityInfo, because the handle is what is asked, whatever
// name led to it.
Result<std::string> sddl_of(HANDLE handle, const std::string& path) {
    DWORD size = 0;
    GetKernelObjectSecurity(handle, kAsked, nullptr, 0, &size);
    std::vector<unsigned char> descriptor(size);
    if (size == 0 || !GetKernelObjectSecurity(handle, kAsked, descriptor.data(), size, &size)) {
        const DWORD code = GetLastError();
        return system_error(code, kAsking, path);
    }
    LocalPtr<wchar_t> text;
    if (!ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor.data(), SDDL_REVISION_1,
                                                              kAsked, text.receive(), nullptr)) {
        const DWORD code = GetLastError();
        return system_error(code, kAsking, path);
    }
    return to_utf8(text.get());
}

Result<SecuredPlace> ask(HANDLE handle, const std::wstring& path) {
    SecuredPlace place;
    place.path = to_utf8(path);
    BY_HANDLE_FILE_INFORMATION facts{};
    if (!GetFileInformationByHandle(handle, &facts)) {
        const DWORD code = GetLastError();
        return system_error(code, kAsking, place.path);
    }
    place.is_link = (facts.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    auto sddl = sddl_of(handle, place.path);
    if (!sddl) return std::move(sddl).error();
    place.sddl = std::move(*sddl);
    return place;
}

// A folder that is a link is followed, and who may exchange the link itself is seen at its parent.
Result<SecuredPlace> ask_folder(const std::wstring& path) {
    const std::wstring name = path.ends_with(L':') ? path + L'\\' : path;
    const FileHandle handle(CreateFileW(name.c_str(), READ_CONTROL | FILE_READ_ATTRIBUTES,
                                        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                        nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS,
                                        nullptr));
    if (!handle) {
        const DWORD code = GetLastError();
        return system_error(code, kAsking, to_utf8(name));
    }
    return ask(handle.get(), name);
}

class OpenProgram final : public HeldFile {
public:
    OpenProgram(FileHandle handle, std::wstring path)
        : handle_(std::move(handle)), path_(std::move(path)) {}

    Result<std::vector<SecuredPlace>> places() override {
        std::vector<SecuredPlace> places;
        auto file = ask(handle_.get(), path_);
        if (!file) return std::move(file).error();
        places.push_back(std::move(*file));
        // "C:" is the last one of a drive; of a share it is "\\server\share".
        const bool is_share = path_.starts_with(L"\\\\");
        std::wstring folder = parent_of(path_);
        while (!folder.empty() &&
               (!is_share || std::count(folder.begin(), folder.end(), L'\\') > 2)) {
            auto above = ask_folder(folder);
            if (!above) return std::move(above).error();
            places.push_back(std::move(*above));
            if (folder.ends_with(L':')) break;
            folder = parent_of(folder);
        }
        return places;
    }

    Result<std::string> sha256() override {
        LARGE_INTEGER begin{};
        SetFilePointerEx(handle_.get(), begin, nullptr, FILE_BEGIN);
        Sha256 hash;
        std::array<std::uint8_t, 65536> bytes{};
        for (;;) {
            DWORD count = 0;
            if (!ReadFile(handle_.get(), bytes.data(), bytes.size(), &count, nullptr)) {
                const DWORD code = GetLastError();
                return system_error(code, "reading the program", to_utf8(path_));
            }
            if (count == 0) return hash.finish();
            hash.add({bytes.data(), count});
        }
    }

private:
    const FileHandle handle_;
    const std::wstring path_;
};

}  // namespace

Result<std::unique_ptr<HeldFile>> SystemProgramFiles::hold(const std::string& path) {
    auto expanded = expand_environment(path);
    if (!expanded) return std::move(expanded).error();
    std::wstring wide = to_wide(*expanded);
    std::replace(wide.begin(), wide.end(), L'/', L'\\');
    if (!is_absolute(wide) || wide.find(L'\0') != wide.npos) {
        return Error{ErrorKind::invalid, 0, kHolding, path, "the path is not an absolute one"};
    }
    FileHandle handle(CreateFileW(wide.c_str(), GENERIC_READ | READ_CONTROL, FILE_SHARE_READ,
                                  nullptr, OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (!handle) {
        const DWORD code = GetLastError();
        return system_error(code, kHolding, path);
    }
    return std::unique_ptr<HeldFile>(
        std::make_unique<OpenProgram>(std::move(handle), std::move(wide)));
}

// Wine keeps every file as the one Unix user's and makes up an owner that is no administrator.
std::string SystemProgramFiles::no_owners_because() const {
    const bool is_wine =
        GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
    return is_wine ? "Wine does not keep the owners of files." : "";
}

}  // namespace regwatch::win32
