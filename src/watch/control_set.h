// CurrentControlSet is a link to the one of the ControlSet00n that the system was started with.
//
// Any pool thread.
#pragma once

#include <string>
#include <vector>

#include "platform/registry.h"
#include "registry/key_path.h"

namespace regwatch {

// HKLM\SYSTEM and what is below it, where the answer matters.
[[nodiscard]] bool is_in_system_hive(const KeyPath& key);
// The link itself, not what is below it.
[[nodiscard]] bool is_control_set_link(const KeyPath& key);
// "ControlSet001", as HKLM\SYSTEM\Select says it; empty where it does not.
[[nodiscard]] std::u16string current_control_set(Registry& registry);
// The key that the link leads to.
[[nodiscard]] KeyPath without_control_set_link(KeyPath key, const std::u16string& control_set);
// What the link may have led to instead of this key when the system was started before; nothing unless
// one of the watched keys is spelled by the link.
[[nodiscard]] std::vector<KeyPath> in_other_control_sets(const KeyPath& key,
                                                         const std::u16string& control_set,
                                                         const std::vector<KeyPath>& watched);
// Whether it may be watched also as what it is, and not only where the link leads to it.
[[nodiscard]] bool is_watched_apart(const KeyPath& key, const std::vector<KeyPath>& watched);

}  // namespace regwatch
