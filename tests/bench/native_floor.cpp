#include <malloc.h>

#include "bench/floor.h"

namespace regwatch::test {
namespace {

std::size_t walk(RegistryKey& key) {
    std::size_t count = 0;
    if (const auto values = key.values()) count += values->size();
    const auto subkeys = key.subkeys();
    if (!subkeys) return count;
    for (const SubkeyName& subkey : *subkeys) {
        ++count;
        if (const auto below = key.open_subkey(subkey.name)) count += walk(**below);
    }
    return count;
}

}  // namespace

std::size_t walk_bare(Registry& registry, const KeyPath& path) {
    const auto key = registry.open(path);
    return key ? walk(**key) : 0;
}

std::size_t heap_in_use() {
    const struct mallinfo2 heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
}

}  // namespace regwatch::test
