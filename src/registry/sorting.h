// Puts a list of named entries in the order that comparing relies on.
//
// Pure; any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace regwatch {

// By name, code unit by code unit; of entries with one name the last is kept: a list that is read
// while it changes can show an entry twice, and then the later one is the newer.
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

}  // namespace regwatch
