// What a key looked like at one moment: its values, its direct subkeys and, in a recursive look,
// everything below them.
//
// Values that share their parts; any thread. What is below a subkey is never changed once it is there,
// so that two looks share all that stayed the same, and diff() sees at one glance that it did; copying
// a snapshot copies one key. Both lists are sorted by name, code unit by code unit, and hold a name
// once, which is what diff() relies on; sort() establishes it. Names that differ in case alone are
// different names here: the registry cannot hold both at once, so the one is a deletion and the other
// a creation, which is what happened.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "registry/value_list.h"

namespace regwatch {

struct Snapshot;
using SharedSnapshot = std::shared_ptr<const Snapshot>;

// A security descriptor as SDDL text, shared by the many keys that have the same one. Null where it
// was not asked for or could not be read.
using Security = std::shared_ptr<const std::string>;

struct Subkey {
    std::u16string name;
    WallTime last_write{};
    SharedSnapshot below;  // null: the look did not go there
};

struct Snapshot {
    WallTime last_write{};
    // It was read so long after `last_write` that a later write must bear a later time: as long as the
    // key's time is this one, it holds what it held.
    bool time_is_proof = false;
    ValueList values;
    std::vector<Subkey> subkeys;
    Security security;

    // It stands for a new key that nobody could read: it is empty, and has no time as every key has.
    [[nodiscard]] bool is_unread() const noexcept {
        return last_write == WallTime{} && values.empty() && subkeys.empty();
    }
    // Of this key alone, what is below is sorted already. Of entries with one name the last is kept.
    void sort();
    [[nodiscard]] std::size_t entry_count() const;  // values and subkeys, at every depth
    [[nodiscard]] std::size_t key_count() const;    // itself and the keys below it, at every depth
    // What it takes in memory, with what the allocator adds; what is shared with others included.
    [[nodiscard]] std::size_t memory_size() const;
};

// Null when there is no such name.
[[nodiscard]] const Subkey* find_subkey(const Snapshot& key, std::u16string_view name);
// Null when the path, relative to `key`, does not lead to a key that was read. Empty: `key` itself.
[[nodiscard]] const Snapshot* find_key(const Snapshot& key, std::u16string_view path);

}  // namespace regwatch
