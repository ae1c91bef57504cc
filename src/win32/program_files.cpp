#include "win32/program_files.h"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/final_path.h"
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

FileHandle open_to_ask(const std::wstring& path, DWORD flags) {
    return FileHandle(CreateFileW(path.c_str(), READ_CONTROL | FILE_READ_ATTRIBUTES,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                  OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | flags, nullptr));
}

// On a final path only a folder that another volume is mounted at is a link: both count.
Result<void> ask_place(const std::string& path, std::vector<SecuredPlace>& places) {
    for (const DWORD flags : {DWORD{FILE_FLAG_OPEN_REPARSE_POINT}, DWORD{0}}) {
        const FileHandle handle = open_to_ask(to_long_path(path), flags);
        if (!handle) {
            const DWORD code = GetLastError();
            return system_error(code, kAsking, path);
        }
        auto place = ask(handle.get(), to_wide(path));
        if (!place) return std::move(place).error();
        const bool is_link = place->is_link;
        places.push_back(std::move(*place));
        if (!is_link) break;
    }
    return {};
}

Result<std::string> final_path_of(HANDLE handle, const std::string& named) {
    constexpr DWORD kFlags = FILE_NAME_NORMALIZED | VOLUME_NAME_DOS;
    // With the terminator when it does not fit, without it when it does.
    const DWORD size = GetFinalPathNameByHandleW(handle, nullptr, 0, kFlags);
    std::wstring path(size, L'\0');
    const DWORD length =
        size == 0 ? 0 : GetFinalPathNameByHandleW(handle, path.data(), size, kFlags);
    const DWORD code = GetLastError();
    if (length == 0) return system_error(code, "asking where the links lead on the way to", named);
    path.resize(std::min(length, size));
    std::string plain = without_prefix(to_utf8(path));
    if (leads_to_another_machine(named, plain)) {
        return Error{ErrorKind::invalid, 0, "following the links on the way to", named,
                     "they lead to another machine: " + plain};
    }
    return plain;
}

bool is_wine() {
    return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
}

Result<std::wstring> absolute_path(const std::string& path) {
    auto expanded = expand_environment(path);
    if (!expanded) return std::move(expanded).error();
    std::wstring wide = to_wide(*expanded);
    std::replace(wide.begin(), wide.end(), L'/', L'\\');
    if (!is_absolute(wide) || wide.find(L'\0') != wide.npos)
        return Error{ErrorKind::invalid, 0, kHolding, path, "the path is not an absolute one"};
    return wide;
}

class OpenProgram final : public HeldFile {
public:
    OpenProgram(FileHandle handle, std::wstring path)
        : handle_(std::move(handle)), path_(std::move(path)) {}

    [[nodiscard]] std::string path() const override { return to_utf8(path_); }

    Result<std::vector<SecuredPlace>> places() override {
        std::vector<SecuredPlace> places;
        auto file = ask(handle_.get(), path_);
        if (!file) return std::move(file).error();
        places.push_back(std::move(*file));
        for (const std::string& folder : folders_above(path())) {
            if (auto asked = ask_place(folder, places); !asked) return std::move(asked).error();
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
    auto named = absolute_path(path);
    if (!named) return std::move(named).error();
    FileHandle handle(CreateFileW(named->c_str(), GENERIC_READ | READ_CONTROL, FILE_SHARE_READ,
                                  nullptr, OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (!handle) {
        const DWORD code = GetLastError();
        return system_error(code, kHolding, path);
    }
    std::wstring found = std::move(*named);
    // There the name is as good as what it leads to: nothing can be said about either.
    if (!is_wine()) {
        auto last = final_path_of(handle.get(), to_utf8(found));
        if (!last) return std::move(last).error();
        found = to_wide(*last);
    }
    return std::unique_ptr<HeldFile>(
        std::make_unique<OpenProgram>(std::move(handle), std::move(found)));
}

Result<std::vector<SecuredPlace>> SystemProgramFiles::places_of(const std::string& path) {
    auto named = absolute_path(path);
    if (!named) return std::move(named).error();
    const FileHandle handle = open_to_ask(to_long_path(to_utf8(*named)), 0);
    if (!handle) {
        const DWORD code = GetLastError();
        return system_error(code, kAsking, path);
    }
    auto found = final_path_of(handle.get(), to_utf8(*named));
    if (!found) return std::move(found).error();
    std::vector<SecuredPlace> places;
    auto first = ask(handle.get(), to_wide(*found));
    if (!first) return std::move(first).error();
    places.push_back(std::move(*first));
    for (const std::string& folder : folders_above(*found)) {
        if (auto asked = ask_place(folder, places); !asked) return std::move(asked).error();
    }
    return places;
}

// Wine keeps every file as the one Unix user's and makes up an owner that is no administrator.
std::string SystemProgramFiles::no_owners_because() const {
    return is_wine() ? "Wine does not keep the owners of files." : "";
}

}  // namespace regwatch::win32
