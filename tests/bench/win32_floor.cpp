#include <array>
#include <memory>

#include "bench/floor.h"
#include "win32/handle.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::test {
namespace {

constexpr REGSAM kRights = KEY_READ | KEY_WOW64_64KEY;

// Once for the whole walk: clearing them for each key would be charged to the bare system.
struct Buffers {
    std::array<wchar_t, 16'384> name{};
    std::array<BYTE, 65'536> data{};
};

std::size_t walk(HKEY key, Buffers& buffers) {
    auto& [name, data] = buffers;
    std::size_t count = 0;
    for (DWORD index = 0;; ++index) {
        auto name_size = static_cast<DWORD>(name.size());
        auto data_size = static_cast<DWORD>(data.size());
        DWORD type = 0;
        if (RegEnumValueW(key, index, name.data(), &name_size, nullptr, &type, data.data(),
                          &data_size) != ERROR_SUCCESS) {
            break;
        }
        ++count;
    }
    for (DWORD index = 0;; ++index) {
        auto name_size = static_cast<DWORD>(name.size());
        FILETIME written{};
        if (RegEnumKeyExW(key, index, name.data(), &name_size, nullptr, nullptr, nullptr,
                          &written) != ERROR_SUCCESS) {
            break;
        }
        ++count;
        win32::KeyHandle below;
        if (RegOpenKeyExW(key, name.data(), 0, kRights, below.receive()) == ERROR_SUCCESS) {
            count += walk(below.get(), buffers);
        }
    }
    return count;
}

}  // namespace

std::size_t walk_bare(Registry&, const KeyPath& path) {
    win32::KeyHandle key;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, win32::to_wide(path.subkey).c_str(), 0, kRights,
                      key.receive()) != ERROR_SUCCESS) {
        return 0;
    }
    const auto buffers = std::make_unique<Buffers>();
    return walk(key.get(), *buffers);
}

std::size_t heap_in_use() {
    std::vector<HANDLE> heaps(::GetProcessHeaps(0, nullptr) + 8);
    heaps.resize(::GetProcessHeaps(static_cast<DWORD>(heaps.size()), heaps.data()));
    std::size_t bytes = 0;
    for (const HANDLE heap : heaps) {
        ::HeapLock(heap);
        PROCESS_HEAP_ENTRY block = {};
        while (::HeapWalk(heap, &block)) {
            if (block.wFlags & PROCESS_HEAP_ENTRY_BUSY) bytes += block.cbData + block.cbOverhead;
        }
        ::HeapUnlock(heap);
    }
    return bytes;
}

}  // namespace regwatch::test
