// Which key of a watch a key belongs to, where the watch leads to it in several ways: by a name and by
// a pattern, by two patterns, or by two names of one key. It is watched, and its changes reported, once.
//
// A name comes before a pattern, and of two of a kind the one that stands first. What a subtree holds
// beside its own key is not asked here. Plain values; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "registry/key_path.h"
#include "text/path_pattern.h"

namespace regwatch {

// The keys of a watch that come before one of them, as far as they could lead to the same.
class Rivals {
public:
    Rivals() = default;
    // `control_set` is what CurrentControlSet means.
    Rivals(const std::vector<KeyPath>& keys, const std::u16string& control_set);

    // Whether one of them leads to this key, by whichever of its names.
    [[nodiscard]] bool have(const KeyPath& key) const;

    friend bool operator==(const Rivals& a, const Rivals& b) {
        return a.keys_ == b.keys_ && a.control_set_ == b.control_set_;
    }

private:
    [[nodiscard]] bool one_fits(const KeyPath& name) const;

    std::vector<KeyPath> keys_;
    std::vector<PathPattern> patterns_;  // of each, below its root
    std::u16string control_set_;
};

// Of each of the keys.
[[nodiscard]] std::vector<Rivals> rivals_of(const std::vector<KeyPath>& keys,
                                            const std::u16string& control_set);

}  // namespace regwatch
