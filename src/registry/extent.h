// How much of a key a look takes in, and how two looks of different extents are compared.
//
// Plain values; any thread. A config that asks for more or for less than the one before must not make
// what it newly sees look like something that came, nor what it leaves out like something that went: only
// what both looks could see is compared.
#pragma once

#include <string>
#include <vector>

#include "registry/concealed.h"
#include "registry/diff.h"
#include "registry/selection.h"
#include "registry/snapshot.h"

namespace regwatch {

struct Extent {
    bool subtree = false;
    bool security = false;
    Selection selection;
    std::string concealed_with;  // id of the key; empty where nothing is redacted

    friend bool operator==(const Extent&, const Extent&) = default;
};

// What of `tree` is within `wanted` too, as `wanted` has it. `had` is what the tree was read with.
[[nodiscard]] Snapshot within(const Snapshot& tree, const Selection& had, const Selection& wanted,
                              const ConcealingKey& key);

// From a snapshot that was kept to one that was just read; null where the key does not exist. Where two
// keys concealed a value it counts as changed when its type or size has.
[[nodiscard]] std::vector<Difference> diff_since(const Snapshot* before, const Extent& had,
                                                 const Snapshot* now, const Extent& has,
                                                 const ConcealingKey& key, Renamed renamed);

}  // namespace regwatch
