// The names that one key has: records, people and configs write it differently.
//
// Pure; any thread. What the system would have to be asked for is left out: whether the two views share
// a key, and whether a hive is loaded.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "registry/key_path.h"

namespace regwatch {

struct KeyName {
    KeyPath key;
    // How many of its names lead through a link: who watches less of them does not go through it.
    std::size_t through = 0;
};

// The one it was given first. `control_set` is what CurrentControlSet means.
[[nodiscard]] std::vector<KeyName> names_of(const KeyPath& key, const std::u16string& control_set);

}  // namespace regwatch
