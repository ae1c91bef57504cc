#include "registry/snapshot.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace regwatch {
namespace {

template <class Entry>
void sort_and_keep_the_last(std::vector<Entry>& entries) {
    const auto before = [](const Entry& a, const Entry& b) { return a.name < b.name; };
    const auto not_before = [](const Entry& a, const Entry& b) { return a.name >= b.name; };
    // The system lists most keys in an order that is nearly or quite this one.
    if (std::adjacent_find(entries.begin(), entries.end(), not_before) == entries.end()) return;

    std::stable_sort(entries.begin(), entries.end(), before);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i + 1 < entries.size() && entries[i].name == entries[i + 1].name) continue;
        if (kept != i) entries[kept] = std::move(entries[i]);
        ++kept;
    }
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(kept), entries.end());
}

}  // namespace

void Snapshot::sort() {
    sort_and_keep_the_last(values);
    sort_and_keep_the_last(subkeys);
    for (Subkey& subkey : subkeys) {
        if (subkey.below) subkey.below->sort();
    }
}

std::size_t Snapshot::entry_count() const {
    std::size_t count = values.size() + subkeys.size();
    for (const Subkey& subkey : subkeys) {
        if (subkey.below) count += subkey.below->entry_count();
    }
    return count;
}

Snapshot copy(const Snapshot& snapshot) {
    Snapshot twin;
    twin.last_write = snapshot.last_write;
    twin.values = snapshot.values;
    twin.subkeys.reserve(snapshot.subkeys.size());
    for (const Subkey& subkey : snapshot.subkeys) {
        twin.subkeys.push_back(
            {subkey.name, subkey.last_write,
             subkey.below ? std::make_unique<Snapshot>(copy(*subkey.below)) : nullptr});
    }
    return twin;
}

}  // namespace regwatch
