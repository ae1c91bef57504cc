// From a difference that a look found to the change that the actions get.
//
// Pure; any thread. The one place where it is decided what of a value's data is handed on: what is
// redacted is not, and of what is too long the first part with a hash of the whole.
#pragma once

#include <optional>

#include "change/change.h"
#include "registry/diff.h"
#include "registry/key_path.h"
#include "settings/settings.h"
#include "watch/key_watch.h"

namespace regwatch {

// Nothing where the watch does not ask for such changes. `key` is the watched one; id and sequence are
// left to the caller.
[[nodiscard]] std::optional<Change> make_change(const WatchSettings& watch, const KeyPath& key,
                                                const Look& look, Difference&& difference);

}  // namespace regwatch
