// What `check` says of a good configuration beside that: of its paths with wildcards that fit no key of
// this machine at present, or more keys than they may.
//
// Neither is a mistake: a key may come later, and the configuration may be one for another machine. Any
// thread.
#pragma once

#include <vector>

#include "platform/registry.h"
#include "settings/loader.h"

namespace regwatch {

// In the order of the files. A key that may not be read is no reason for one. Bounded in time by the
// number of keys that are asked for; where that is not enough the last note says so.
[[nodiscard]] std::vector<Problem> pattern_notes(const LoadOutcome& loaded, Registry& registry);

}  // namespace regwatch
