// How a large subtree is divided among monitors, so that a signal says which part of it to look at.
//
// Inner keys are watched by themselves (Scope::key), and each subkey of theirs is a part of its own:
// an inner key again, or a leaf of the partition, which is watched with all that is below it
// (Scope::subtree) and has at most about `max_keys` keys. A key whose subkeys are many but small stays
// one part, however large: a monitor for a handful of keys costs more than it saves. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "platform/registry.h"
#include "registry/snapshot.h"

namespace regwatch {

inline constexpr std::size_t kMaxKeysOfAPart = 1'000;

struct Part {
    std::u16string path;  // relative to the key that is watched; empty: that key itself
    Scope scope = Scope::subtree;

    friend bool operator==(const Part&, const Part&) = default;
};

// Sorted by path, so that a key stands before those below it; the key itself is always the first.
// A key that is an inner one in `present` stays so until it has shrunk to half the size, so that a
// tree around the limit is not divided anew with every key that comes or goes. Links and keys that may
// not be read get no part: what becomes of them is found when everything is read.
[[nodiscard]] std::vector<Part> plan_parts(const Snapshot& tree, std::size_t max_keys,
                                           const std::vector<Part>& present);

}  // namespace regwatch
