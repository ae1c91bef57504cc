#include "win32/append_file.h"

#include <limits>
#include <utility>

#include "win32/error.h"
#include "win32/handle.h"
#include "win32/paths.h"
#include "win32/security.h"
#include "win32/text.h"

namespace regwatch::win32 {
namespace {

constexpr const char* kAppending = "appending to";

class OpenAppendFile final : public AppendFile {
public:
    OpenAppendFile(FileHandle handle, std::string path, std::uint64_t size)
        : handle_(std::move(handle)), path_(std::move(path)), size_(size) {}

    Result<void> append(std::string_view bytes) override {
        if (bytes.size() > std::numeric_limits<DWORD>::max())
            return system_error(ERROR_INVALID_PARAMETER, kAppending, path_);
        FILE_STANDARD_INFO facts{};
        if (GetFileInformationByHandleEx(handle_.get(), FileStandardInfo, &facts, sizeof(facts)) &&
            (facts.DeletePending || facts.NumberOfLinks == 0))
            return Error{ErrorKind::gone, 0, kAppending, path_, "somebody has deleted it"};
        DWORD written = 0;
        const BOOL done = WriteFile(handle_.get(), bytes.data(), static_cast<DWORD>(bytes.size()),
                                    &written, nullptr);
        const DWORD code = GetLastError();
        size_ += written;
        if (!done) return system_error(code, kAppending, path_);
        if (written != bytes.size()) return system_error(ERROR_DISK_FULL, kAppending, path_);
        return {};
    }

    [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }

private:
    const FileHandle handle_;
    const std::string path_;
    std::uint64_t size_;
};

FileHandle open(const std::wstring& path, DWORD flags = FILE_FLAG_OPEN_REPARSE_POINT) {
    // Without security attributes the handle is not inherited.
    return FileHandle(CreateFileW(path.c_str(),
                                  FILE_APPEND_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                  OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL | flags, nullptr));
}

enum class Reparse { none, other, link };  // other: compressed by the system, or kept elsewhere

Reparse reparse_of(HANDLE handle) {
    constexpr DWORD kNameSurrogate = 0x20000000;  // IsReparseTagNameSurrogate
    FILE_ATTRIBUTE_TAG_INFO facts{};
    if (!GetFileInformationByHandleEx(handle, FileAttributeTagInfo, &facts, sizeof(facts)) ||
        (facts.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) == 0)
        return Reparse::none;
    return (facts.ReparseTag & kNameSurrogate) != 0 ? Reparse::link : Reparse::other;
}

}  // namespace

Result<std::string> SystemFiles::expand(const std::string& path) {
    auto expanded = expand_environment(path);
    if (!expanded) return expanded;
    // The system leaves a variable that it does not know as it is.
    const std::size_t begin = expanded->find('%');
    const std::size_t end = begin == path.npos ? begin : expanded->find('%', begin + 1);
    if (end == path.npos) return expanded;
    return Error{ErrorKind::not_found, 0, "expanding the variables in", path,
                 "there is no variable " + expanded->substr(begin, end + 1 - begin)};
}

Result<std::unique_ptr<AppendFile>> SystemFiles::open_append(const std::string& path) {
    constexpr const char* kOpening = "opening the file";
    const std::wstring wide = to_long_path(path);
    if (!is_absolute(wide)) {
        return Error{ErrorKind::invalid, 0, kOpening, path, "the path is not an absolute one"};
    }
    FileHandle handle = open(wide);
    DWORD code = GetLastError();
    if (!handle && code == ERROR_PATH_NOT_FOUND) {
        // Records hold data that others may not read in the registry.
        auto made = create_protected_folder(to_utf8(parent_of(wide)), FolderAccess::private_to_us);
        if (!made) return std::move(made).error();
        handle = open(wide);
        code = GetLastError();
    }
    if (!handle) return system_error(code, kOpening, path);
    const Reparse reparse = reparse_of(handle.get());
    if (reparse == Reparse::link)
        return Error{ErrorKind::denied, 0, kOpening, path, "it is a link to another place"};
    if (reparse == Reparse::other) {
        handle = open(wide, 0);
        code = GetLastError();
        if (!handle) return system_error(code, kOpening, path);
    }
    LARGE_INTEGER size{};
    if (!GetFileSizeEx(handle.get(), &size)) {
        code = GetLastError();
        return system_error(code, "asking for the size of", path);
    }
    return std::unique_ptr<AppendFile>(std::make_unique<OpenAppendFile>(
        std::move(handle), path, static_cast<std::uint64_t>(size.QuadPart)));
}

}  // namespace regwatch::win32
