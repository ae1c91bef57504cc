// Whether a change that is in the history can be taken back: nobody may have changed the same thing since.
//
// Any thread; writes nothing.
#pragma once

#include <string>

#include "base/result.h"
#include "change/change.h"
#include "platform/registry.h"

namespace regwatch {

// Whether what the change left is still what is there; otherwise why not.
[[nodiscard]] Result<void> is_as_the_change_left_it(const Change& change, Registry& registry);

}  // namespace regwatch
