#include "support/full_disk.h"

#include <sqlite3.h>

#include <cstddef>
#include <stdexcept>

namespace regwatch::test {
namespace {

const FullDisk* disk = nullptr;
sqlite3_vfs* system_files = nullptr;
sqlite3_vfs shim;

// The system's own file lies behind it.
struct ShimFile {
    sqlite3_file base;
};
constexpr std::size_t kRoom =
    (sizeof(ShimFile) + alignof(std::max_align_t) - 1) & ~(alignof(std::max_align_t) - 1);

sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(file) + kRoom);
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
    sqlite3_int64 size = 0;
    const int code = real(file)->pMethods->xFileSize(real(file), &size);
    if (code != SQLITE_OK) return code;
    if (disk->is_full() && at + count > size) return SQLITE_FULL;
    return real(file)->pMethods->xWrite(real(file), bytes, count, at);
}

const sqlite3_io_methods* methods() {
    static const sqlite3_io_methods all = [] {
        sqlite3_io_methods m{};
        m.iVersion = 2;
        m.xClose = [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); };
        m.xRead = [](sqlite3_file* f, void* to, int count, sqlite3_int64 at) {
            return real(f)->pMethods->xRead(real(f), to, count, at);
        };
        m.xWrite = write;
        m.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
            return real(f)->pMethods->xTruncate(real(f), size);
        };
        m.xSync = [](sqlite3_file* f, int flags) {
            return real(f)->pMethods->xSync(real(f), flags);
        };
        m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
            return real(f)->pMethods->xFileSize(real(f), size);
        };
        m.xLock = [](sqlite3_file* f, int kind) { return real(f)->pMethods->xLock(real(f), kind); };
        m.xUnlock = [](sqlite3_file* f, int kind) {
            return real(f)->pMethods->xUnlock(real(f), kind);
        };
        m.xCheckReservedLock = [](sqlite3_file* f, int* is_held) {
            return real(f)->pMethods->xCheckReservedLock(real(f), is_held);
        };
        // Hints of how large a file will be would make it larger.
        m.xFileControl = [](sqlite3_file* f, int what, void* with) {
            if (what == SQLITE_FCNTL_SIZE_HINT) return SQLITE_OK;
            return real(f)->pMethods->xFileControl(real(f), what, with);
        };
        m.xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); };
        m.xDeviceCharacteristics = [](sqlite3_file* f) {
            return real(f)->pMethods->xDeviceCharacteristics(real(f));
        };
        m.xShmMap = [](sqlite3_file* f, int region, int size, int extend, void volatile** to) {
            return real(f)->pMethods->xShmMap(real(f), region, size, extend, to);
        };
        m.xShmLock = [](sqlite3_file* f, int offset, int count, int flags) {
            return real(f)->pMethods->xShmLock(real(f), offset, count, flags);
        };
        m.xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); };
        m.xShmUnmap = [](sqlite3_file* f, int deletes) {
            return real(f)->pMethods->xShmUnmap(real(f), deletes);
        };
        return m;
    }();
    return &all;
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* got) {
    const int code = system_files->xOpen(system_files, name, real(file), flags, got);
    file->pMethods = real(file)->pMethods == nullptr ? nullptr : methods();
    return code;
}

}  // namespace

FullDisk::FullDisk() {
    if (disk != nullptr || sqlite3_initialize() != SQLITE_OK)
        throw std::runtime_error("a second full disk");
    disk = this;
    system_files = sqlite3_vfs_find(nullptr);
    shim = *system_files;
    shim.zName = "regwatch-full-disk";
    shim.szOsFile += static_cast<int>(kRoom);
    shim.pNext = nullptr;
    shim.xOpen = open;
    (void)sqlite3_vfs_register(&shim, 1);
}

FullDisk::~FullDisk() {
    (void)sqlite3_vfs_unregister(&shim);
    (void)sqlite3_vfs_register(system_files, 1);
    disk = nullptr;
}

}  // namespace regwatch::test
