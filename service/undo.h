// Taking back a change that is in the history, as long as nobody has changed the same thing since.
//
// Any thread; writes to the registry in apply() only.
#pragma once

#include <string>

#include "base/result.h"
#include "change/registry_edit.h"
#include "platform/registry.h"
#include "platform/registry_writer.h"

namespace regwatch {

// Whether what the change left is still what is there; otherwise why not.
[[nodiscard]] Result<void> is_as_the_change_left_it(const Change& change, Registry& registry);
[[nodiscard]] Result<void> apply(const RegistryEdit& edit, RegistryWriter& writer);

}  // namespace regwatch
