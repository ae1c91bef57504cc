// Whether a change can be taken back: nobody may have changed the same thing since.
//
// Any thread; writes nothing.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "change/change.h"
#include "platform/registry.h"

namespace regwatch {

// Whether what the change left is still what is there, and nothing else would go with it; otherwise why
// not. For people, who can take back the other changes first.
[[nodiscard]] Result<void> is_as_the_change_left_it(const Change& change, Registry& registry);

// The same for who takes back one change after another: only the object itself counts, and what is gone
// with its key is gone. Empty: it is; otherwise what is there now, as a sentence. Fails when it cannot
// be seen.
[[nodiscard]] Result<std::string> changed_since(const Change& change, Registry& registry);

// Whether both are the same data, of which the history may have but the first part and a hash.
[[nodiscard]] bool same_data(const std::optional<ChangeData>& one,
                             const std::optional<ChangeData>& other);

}  // namespace regwatch
