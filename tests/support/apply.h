// The inverse of diff(): turns the state before into the state after, one difference at a time.
//
// Pure; for tests. Nothing means that the key does not exist. Fails when a difference does not fit
// the state it is applied to (a value that is not there is deleted, a key that is there is
// created), so that a list in the wrong order or with a line too many is found.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "registry/diff.h"
#include "registry/snapshot.h"

namespace regwatch::test {

Result<std::optional<Snapshot>> apply(std::optional<Snapshot> state,
                                      const std::vector<Difference>& differences);

// Names and data at every depth; not the times of writing, which are no part of a difference.
bool has_same_content(const Snapshot& a, const Snapshot& b);

}  // namespace regwatch::test
