#include "state/in_place_file.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

namespace regwatch {
namespace {

Error file_failure(int code, const char* doing, const std::string& path) {
    const int primary = code & 0xFF;
    const bool denied = primary == SQLITE_READONLY || primary == SQLITE_PERM ||
                        primary == SQLITE_AUTH || primary == SQLITE_CANTOPEN;
    return {denied ? ErrorKind::denied : ErrorKind::transient, static_cast<std::uint32_t>(primary),
            doing, path, sqlite3_errstr(code)};
}

// The system's file behind SQLite's functions. A name is to be in the form that these expect.
class SystemFile {
public:
    SystemFile() = default;
    SystemFile(const SystemFile&) = delete;
    SystemFile& operator=(const SystemFile&) = delete;
    ~SystemFile() {
        if (file()->pMethods != nullptr) (void)file()->pMethods->xClose(file());
        sqlite3_free_filename(name_);
    }

    int open(const std::string& path, int flags) {
        if (const int code = sqlite3_initialize(); code != SQLITE_OK) return code;
        sqlite3_vfs* const system = sqlite3_vfs_find(nullptr);
        if (system == nullptr) return SQLITE_ERROR;
        room_.assign(static_cast<std::size_t>(system->szOsFile) / sizeof(std::max_align_t) + 1, {});
        name_ = sqlite3_create_filename(path.c_str(), "", "", 0, nullptr);
        if (name_ == nullptr) return SQLITE_NOMEM;
        int got = 0;
        const int code = system->xOpen(system, name_, file(), flags | SQLITE_OPEN_MAIN_DB, &got);
        if (code != SQLITE_OK) return code;
        // What may not be written is opened for reading alone.
        const bool is_as_wanted = (flags & SQLITE_OPEN_READWRITE) == (got & SQLITE_OPEN_READWRITE);
        return is_as_wanted ? SQLITE_OK : SQLITE_READONLY;
    }
    [[nodiscard]] sqlite3_file* file() noexcept {
        return reinterpret_cast<sqlite3_file*>(room_.data());
    }
    [[nodiscard]] const sqlite3_io_methods& methods() noexcept { return *file()->pMethods; }

private:
    static_assert(sizeof(sqlite3_file) <= sizeof(std::max_align_t));
    std::vector<std::max_align_t> room_ = {std::max_align_t{}};
    const char* name_ = nullptr;
};

}  // namespace

Result<std::string> InPlaceFile::read() const {
    constexpr const char* kReading = "reading the file";
    SystemFile system;
    // SQLite has one code for all that keeps a file from being opened.
    sqlite3_vfs* const vfs =
        sqlite3_initialize() == SQLITE_OK ? sqlite3_vfs_find(nullptr) : nullptr;
    int is_there = 0;
    if (vfs != nullptr &&
        vfs->xAccess(vfs, path_.c_str(), SQLITE_ACCESS_EXISTS, &is_there) == SQLITE_OK &&
        is_there == 0)
        return std::string();
    if (const int code = system.open(path_, SQLITE_OPEN_READONLY); code != SQLITE_OK)
        return file_failure(code, kReading, path_);
    sqlite3_int64 size = 0;
    int code = system.methods().xFileSize(system.file(), &size);
    std::string bytes(std::min(size_, static_cast<std::size_t>(std::max<sqlite3_int64>(size, 0))),
                      '\0');
    if (code == SQLITE_OK && !bytes.empty())
        code =
            system.methods().xRead(system.file(), bytes.data(), static_cast<int>(bytes.size()), 0);
    if (code != SQLITE_OK) return file_failure(code, kReading, path_);
    return bytes;
}

Result<void> InPlaceFile::write(std::string_view bytes, std::size_t at) const {
    constexpr const char* kWriting = "writing the file";
    SystemFile system;
    int code = system.open(path_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (code != SQLITE_OK) return file_failure(code, kWriting, path_);
    sqlite3_int64 size = 0;
    code = system.methods().xFileSize(system.file(), &size);
    const auto missing = static_cast<sqlite3_int64>(size_) - size;
    if (code == SQLITE_OK && missing > 0) {
        const std::string zeros(static_cast<std::size_t>(missing), '\0');
        code =
            system.methods().xWrite(system.file(), zeros.data(), static_cast<int>(missing), size);
    }
    if (code == SQLITE_OK)
        code = system.methods().xWrite(system.file(), bytes.data(), static_cast<int>(bytes.size()),
                                       static_cast<sqlite3_int64>(at));
    if (code == SQLITE_OK) code = system.methods().xSync(system.file(), SQLITE_SYNC_NORMAL);
    if (code != SQLITE_OK) return file_failure(code, kWriting, path_);
    return {};
}

}  // namespace regwatch
