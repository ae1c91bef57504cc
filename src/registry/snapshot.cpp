#include "registry/snapshot.h"

#include <algorithm>
#include <utility>

#include "registry/sorting.h"

namespace regwatch {
namespace {

// What a block of the heap takes with the common allocators: a word of its own, in steps of 16 bytes.
std::size_t block_size(std::size_t bytes) {
    constexpr std::size_t kStep = 16;
    constexpr std::size_t kOwn = 8;
    return bytes == 0 ? 0 : std::max(2 * kStep, (bytes + kOwn + kStep - 1) / kStep * kStep);
}

// Beside the object in the block that make_shared allocates.
constexpr std::size_t kSharedCounts = 16;

std::size_t heap_size(const std::u16string& text) {
    const bool inside = text.capacity() * sizeof(char16_t) < 16;
    return inside ? 0 : block_size((text.capacity() + 1) * sizeof(char16_t));
}

}  // namespace

void Snapshot::sort() {
    values.sort();
    sort_and_keep_the_last(subkeys);
}

std::size_t Snapshot::entry_count() const {
    std::size_t count = values.size() + subkeys.size();
    for (const Subkey& subkey : subkeys) {
        if (subkey.below) count += subkey.below->entry_count();
    }
    return count;
}

std::size_t Snapshot::key_count() const {
    std::size_t count = 1;
    for (const Subkey& subkey : subkeys) count += subkey.below ? subkey.below->key_count() : 1;
    return count;
}

std::size_t Snapshot::memory_size() const {
    std::size_t size = sizeof(Snapshot) + block_size(values.heap_bytes()) +
                       block_size(subkeys.capacity() * sizeof(Subkey));
    for (const Subkey& subkey : subkeys) {
        size += heap_size(subkey.name);
        if (!subkey.below) continue;
        size += block_size(sizeof(Snapshot) + kSharedCounts) - sizeof(Snapshot) +
                subkey.below->memory_size();
    }
    return size;
}

const Subkey* find_subkey(const Snapshot& key, std::u16string_view name) {
    const auto place = std::lower_bound(
        key.subkeys.begin(), key.subkeys.end(), name,
        [](const Subkey& subkey, std::u16string_view wanted) { return subkey.name < wanted; });
    return place != key.subkeys.end() && place->name == name ? &*place : nullptr;
}

const Snapshot* find_key(const Snapshot& key, std::u16string_view path) {
    const Snapshot* at = &key;
    while (at != nullptr && !path.empty()) {
        const std::size_t end = path.find(u'\\');
        const Subkey* const subkey = find_subkey(*at, path.substr(0, end));
        path.remove_prefix(end == std::u16string_view::npos ? path.size() : end + 1);
        at = subkey == nullptr ? nullptr : subkey->below.get();
    }
    return at;
}

}  // namespace regwatch
