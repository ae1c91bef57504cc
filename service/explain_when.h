// What the filters of a watch and its actions say of changes that are not there yet.
//
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "registry/key_path.h"
#include "settings/settings.h"

namespace regwatch {

// The changes that a watch could report of one key or value.
struct PossibleChanges {
    KeyPath key;  // as its records would name it
    std::u16string control_set;
    std::optional<std::u16string> value;  // nothing: the key, and any value of it
    std::vector<ChangeKind> kinds;
};

// The kinds that `changes` of the watch lets pass: of a value, of a key with all that is in it, or only
// of the name of a key.
enum class Seen { nothing, name, content };
[[nodiscard]] std::vector<ChangeKind> possible_kinds(const ChangeKinds& changes, Seen seen,
                                                     bool of_one_value);

struct FilterVerdict {
    std::string refusal;    // why none of the changes passes; empty: one may
    bool has_more = false;  // not all of them pass, or it depends on what is in them
};

[[nodiscard]] FilterVerdict judge_filters(const WatchSettings& watch, const std::string& action,
                                          const PossibleChanges& changes);

}  // namespace regwatch
