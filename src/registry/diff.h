// The difference of two snapshots of one key, as the shortest list of facts that turns the first
// into the second.
//
// Pure; any thread; linear in the size of what the snapshots do not share. Order: by depth first, a key's creation
// before what is in it, what was in it before a key's deletion; renamed keys before the other keys
// of their parent. `apply` (tests/support) is the inverse that the property tests use:
// apply(before, diff(before, after)) equals after.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "registry/snapshot.h"
#include "registry/value.h"

namespace regwatch {

enum class DifferenceKind {
    value_set,
    value_deleted,
    key_created,
    key_deleted,
    key_renamed,       // with all that is in it, of which nothing else is reported
    security_changed,  // of a key: its owner, its group or who may do what
};
[[nodiscard]] bool is_about_a_value(DifferenceKind kind) noexcept;

struct Difference {
    DifferenceKind kind = DifferenceKind::value_set;
    std::u16string key;         // relative to the snapshot's own key; empty: that key itself
    std::u16string value_name;  // for values
    std::optional<ValueData> before;
    std::optional<ValueData> after;
    WallTime last_write{};  // of the key concerned, after the change; zero where it is not known
    std::u16string new_name = {};  // for key_renamed: the last component from now on
    // SDDL; empty where it is not known or was not asked for. Both for security_changed, the first for
    // key_deleted, the second for key_created.
    std::string security_before = {};
    std::string security_after = {};
    bool concealed = false;  // `before` and `after` are what registry/concealed.h makes of the data

    friend bool operator==(const Difference&, const Difference&) = default;
};

// Whether a key that has a new name is found to be that, or to have gone and come.
enum class Renamed { told, as_two_changes };

// Null means that the key does not exist. A key that appears is reported as created together with
// all that is in it, and a key that vanishes with all that was in it, so that no data is lost on
// the way. Where only one of the two looks went below a key, nothing can be said about what is
// there.
[[nodiscard]] std::vector<Difference> diff(const Snapshot* before, const Snapshot* after,
                                           Renamed renamed = Renamed::told);

}  // namespace regwatch
