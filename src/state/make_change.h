// From a difference that a look found to the change that the actions get.
//
// Pure; any thread. The one place where it is decided what of a value's data is handed on: what is
// redacted is not, and of what is too long the first part with a hash of the whole. The difference
// itself stays as it is, since the baseline needs all of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "change/change.h"
#include "registry/concealed.h"
#include "registry/diff.h"
#include "registry/extent.h"
#include "registry/key_path.h"
#include "registry/snapshot.h"
#include "settings/settings.h"

namespace regwatch {

// The outcome of one look, as far as it is to be written down.
struct FoundState {
    const WatchSettings* watch = nullptr;
    const KeyPath* key = nullptr;  // the watched one
    SharedSnapshot now;            // null: the key does not exist
    std::vector<Difference> differences;
    Detection detection = Detection::notify;
    WallTime at{};
    WallTime previous{};
    std::u16string control_set = {};  // that CurrentControlSet means, for keys below HKLM\SYSTEM
    bool is_news = true;        // false: for the baseline only, as the names that a pattern sees
    bool is_first = false;      // of this run
    bool writes_whole = false;  // the differences are not those to what is kept of the key
    ConcealingKey concealed_with = ConcealingKey::of_this_process();
};

// Nothing where the watch does not ask for such changes. Id, sequence and the owner of the hive are left
// to the caller.
[[nodiscard]] std::optional<Change> make_change(const FoundState& found,
                                                const Difference& difference);

// Of the look that found it.
[[nodiscard]] Extent extent_of(const FoundState& found);

}  // namespace regwatch
