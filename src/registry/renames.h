// Which of the keys that vanished below one key are there again under another name.
//
// The registry does not say that a key was renamed; its content proves it, or nothing does. So a pair
// is only made of keys that have at least one value or subkey, were read in both looks, are equal at
// every depth, and of which no other key that came or went has the same content. Whoever deletes a key
// and makes an equal one under another name in between two looks has renamed it for all that anybody
// can tell. Pure; any thread; linear in the size of the keys that came and went.
#pragma once

#include <unordered_set>
#include <utility>
#include <vector>

#include "registry/snapshot.h"

namespace regwatch {

class Renames {
public:
    using Pair = std::pair<const Subkey*, const Subkey*>;  // what went, what came

    void add(const Subkey& was, const Subkey& is);
    // In the order of the old names.
    [[nodiscard]] const std::vector<Pair>& pairs() const noexcept { return pairs_; }
    [[nodiscard]] bool holds(const Subkey& subkey) const { return members_.contains(&subkey); }

private:
    std::vector<Pair> pairs_;
    std::unordered_set<const Subkey*> members_;
};

// The lists are those of one parent. The pairs point into them.
[[nodiscard]] Renames find_renames(const std::vector<const Subkey*>& went,
                                   const std::vector<const Subkey*>& came);

}  // namespace regwatch
