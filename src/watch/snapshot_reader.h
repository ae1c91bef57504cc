// Reads a key, and what is below it, as one snapshot.
//
// The registry cannot be read in one piece: while values are enumerated, others may come and go, and
// an enumeration by index then skips or repeats. So the key's last-write time and counts are asked
// before and after. Where the counts differ, or the time does, or the time is so new that the next
// write could bear the same one, the key is read until two reads in a row found the same names, a
// bounded number of times.
//
// What an earlier look found need not be read again: a key's time changes with its values and with the
// names of its subkeys, and the times of all subkeys come with the list of their names. But a time is
// only a proof if it was old enough when the key was read (Snapshot::time_is_proof), and it says
// nothing of what is deeper below, so every key that has subkeys is asked for their times. What stayed
// the same is shared with the earlier snapshot. Any pool thread; holds no state.
//
// A snapshot holds only what is selected, and subkeys that are left out are not opened. What is left out
// of two looks with the same selection is the same, so it proves nothing wrong. What is new and finds no
// room in the share is left out too; the keys above it are then read again at the next look.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/clock.h"
#include "platform/registry.h"
#include "registry/selection.h"
#include "registry/snapshot.h"
#include "watch/quota.h"

namespace regwatch {

enum class Trust {
    times,    // a key whose time proves that it has not changed is not read again
    nothing,  // everything is read
};

// A key below the one that is read, and why it could not be read.
struct UnreadKey {
    std::u16string path;  // from the watched key
    Error error;
};

struct ReadPlan {
    Scope scope = Scope::key;
    // Asked for at every key, because not every system's times tell of it.
    bool security = false;
    Trust trust = Trust::times;
    // Never null; they outlive the reading.
    const Selection* selection = &kSelectAll;
    const ConcealingKey* key = &ConcealingKey::of_this_process();
    QuotaShare* share = nullptr;  // null: everything may be kept
    // Null: nobody looks again, so that a subkey that changes too fast makes all of it fail.
    std::vector<UnreadKey>* unread = nullptr;
};

// `before` is what an earlier look with the same plan found there, or null. `path` leads from the watched
// key, which the selection is about, to this one. The answer is `before`
// itself if nothing at all has changed. `gone` when the key was deleted; `transient` when it changed
// faster than it could be read. A subkey that cannot be read is in the snapshot as `before` has it; one that
// is new has no content, and at the first look, where it is not known whether it is new, none is known.
Result<SharedSnapshot> read_snapshot(RegistryKey& key, const ReadPlan& plan, const Clock& clock,
                                     const SharedSnapshot& before = nullptr,
                                     std::u16string_view path = {});

// Of a key in a subtree that is looked at in parts: its values and the names of its subkeys. The
// subkeys that `before` has are taken over with all that is below them, new ones are read.
Result<SharedSnapshot> read_inner_key(RegistryKey& key, const ReadPlan& plan, const Clock& clock,
                                      const SharedSnapshot& before, std::u16string_view path = {});

}  // namespace regwatch
