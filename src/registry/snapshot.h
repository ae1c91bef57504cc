// What a key looked like at one moment: its values, its direct subkeys and, in a recursive look,
// everything below them.
//
// Plain values, move-only; any thread. Both lists are sorted by name, code unit by code unit, and
// hold a name once, which is what diff() relies on; sort() establishes it. Names that differ in
// case alone are different names here: the registry cannot hold both at once, so the one is a
// deletion and the other a creation, which is what happened.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "registry/value.h"

namespace regwatch {

struct Snapshot;

struct Subkey {
    std::u16string name;
    WallTime last_write{};
    std::unique_ptr<Snapshot> below;  // null: the look did not go there
};

struct Snapshot {
    WallTime last_write{};
    std::vector<Value> values;
    std::vector<Subkey> subkeys;

    // At every depth. Of entries with one name the last is kept: a list that is read while it
    // changes can show an entry twice, and then the later one is the newer.
    void sort();
    [[nodiscard]] std::size_t entry_count() const;  // values and subkeys, at every depth
};

[[nodiscard]] Snapshot copy(const Snapshot& snapshot);

}  // namespace regwatch
