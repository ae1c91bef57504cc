#include "platform/posix_append_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace regwatch {
namespace {

ErrorKind kind_of(int code) {
    switch (code) {
        case ENOENT:
        case ENOTDIR:
            return ErrorKind::not_found;
        case EACCES:
        case EPERM:
        case EROFS:
            return ErrorKind::denied;
        case EINVAL:
        case EISDIR:
        case ENAMETOOLONG:
            return ErrorKind::invalid;
        default:
            return ErrorKind::transient;
    }
}

Error failure(int code, const char* doing, const std::string& path) {
    return {kind_of(code), static_cast<std::uint32_t>(code), doing, path,
            std::generic_category().message(code)};
}

class OpenFile final : public AppendFile {
public:
    OpenFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() override { ::close(descriptor_); }

    Result<void> ask_for_size() {
        struct stat facts {};
        if (::fstat(descriptor_, &facts) != 0)
            return failure(errno, "asking for the size of", path_);
        size_ = static_cast<std::uint64_t>(facts.st_size);
        return {};
    }

    Result<void> append(std::string_view bytes) override {
        struct stat facts {};
        if (::fstat(descriptor_, &facts) == 0 && facts.st_nlink == 0)
            return Error{ErrorKind::gone, 0, "appending to", path_, "somebody has deleted it"};
        ssize_t written = 0;
        do {
            written = ::write(descriptor_, bytes.data(), bytes.size());
        } while (written < 0 && errno == EINTR);
        if (written < 0) return failure(errno, "appending to", path_);
        size_ += static_cast<std::uint64_t>(written);
        if (static_cast<std::size_t>(written) != bytes.size())
            return failure(ENOSPC, "appending to", path_);
        return {};
    }

    [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }

private:
    const int descriptor_;
    const std::string path_;
    std::uint64_t size_ = 0;
};

int open_for_appending(const std::string& path) {
    constexpr mode_t kOwnerAndGroup = 0640;
    return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, kOwnerAndGroup);
}

}  // namespace

Result<std::unique_ptr<AppendFile>> PosixFiles::open_append(const std::string& path) {
    constexpr const char* kOpening = "opening the file";
    if (path.empty() || path.front() != '/')
        return Error{ErrorKind::invalid, 0, kOpening, path, "the path is not an absolute one"};
    int descriptor = open_for_appending(path);
    if (descriptor < 0 && errno == ENOENT) {
        const auto folder = std::filesystem::path(path).parent_path();
        std::error_code failed;
        std::filesystem::create_directories(folder, failed);
        if (failed) return failure(failed.value(), "creating the folder", folder.string());
        descriptor = open_for_appending(path);
    }
    if (descriptor < 0) return failure(errno, kOpening, path);
    auto file = std::make_unique<OpenFile>(descriptor, path);
    if (auto asked = file->ask_for_size(); !asked) return std::move(asked).error();
    return std::unique_ptr<AppendFile>(std::move(file));
}

}  // namespace regwatch
