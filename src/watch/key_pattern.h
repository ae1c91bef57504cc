// What a path with wildcards says of the names at its first wildcard: which fit, and what is watched below
// one that does.
//
// '*' and '?' are legal in the name of a key. So a path that was found is a name as far as it was found,
// and a pattern only behind that: `literal` is the number of its components that are names. A plain
// value; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "registry/key_path.h"

namespace regwatch {

// Whether a key of this name below HKU is the hive of a person (S-1-5-21-… of a machine or domain,
// S-1-12-… of the cloud): not its "_Classes" companion, and not that of a service account.
[[nodiscard]] bool is_hive_of_a_person(std::u16string_view name);

class KeyPattern {
public:
    // Of a path that is one.
    KeyPattern(const KeyPath& path, std::size_t literal);
    [[nodiscard]] static bool is_one(const KeyPath& path, std::size_t literal);

    // Of the hives of the people, for HKCU.
    [[nodiscard]] const KeyPath& prefix() const noexcept { return prefix_; }
    [[nodiscard]] bool finds_hives() const;
    // What its names are kept under. No key has this path: two backslashes stand before the first
    // component that is no name.
    [[nodiscard]] const KeyPath& names_row() const noexcept { return names_row_; }

    struct Found {
        std::u16string
            id;  // of the name, and of what it was found as: unlike all others of the pattern
        KeyPath path;
        std::size_t literal = 0;
    };
    // What a key of this name below the prefix is found as: not at all, as what fits, as a key that "**"
    // is searched for in, or both.
    [[nodiscard]] std::vector<Found> find(const std::u16string& name) const;
    // Whether it is that of a key of this (folded) name.
    [[nodiscard]] static std::u16string_view name_of(std::u16string_view id) {
        return id.substr(id.front() == u'\\' ? 1 : 0);
    }

private:
    [[nodiscard]] bool fits(std::u16string_view glob, const std::u16string& name) const;

    bool users_only_;  // HKCU: only the hives of people
    std::size_t literal_ = 0;
    KeyPath prefix_;  // up to the first component with a wildcard
    KeyPath names_row_;
    bool any_depth_ = false;         // that component is "**"
    std::u16string glob_;            // that component, or the one behind "**"
    std::u16string rest_;            // what follows, may be empty and may hold wildcards
    std::u16string any_depth_rest_;  // "**" with all that follows
};

}  // namespace regwatch
