// Which actions a change goes to: those of its watch, but for the filters that it does not pass.
//
// Pure; any thread. A field that a change does not have, such as Details of a key, is compared as an
// empty text. Text is compared without regard to case, as the registry does.
#pragma once

#include <string>
#include <vector>

#include "change/change.h"
#include "settings/change_filter.h"
#include "settings/settings.h"

namespace regwatch {

[[nodiscard]] ChangeKind kind_of(const Change& change) noexcept;

[[nodiscard]] bool passes(const ChangeFilter& filter, const Change& change);

// The names of the actions, in the order of the watch.
[[nodiscard]] std::vector<std::string> actions_for(const WatchSettings& watch,
                                                   const Change& change);

}  // namespace regwatch
