// Reads a key, and what is below it, as one snapshot.
//
// The registry cannot be read in one piece: while values are enumerated, others may come and go, and
// an enumeration by index then skips or repeats. So the key's last-write time and counts are asked
// before and after. Where the counts differ, or the time does, or the time is so new that the next
// write could bear the same one, the key is read until two reads in a row found the same names, a
// bounded number of times. Any pool thread; holds no state.
#pragma once

#include "base/result.h"
#include "platform/clock.h"
#include "platform/registry.h"
#include "registry/selection.h"
#include "registry/snapshot.h"

namespace regwatch {

// `gone` when the key was deleted; `transient` when it changed faster than it could be read. A subkey
// that may not be read is in the snapshot without content. Holds only what is selected; subkeys that
// are left out are not opened.
Result<Snapshot> read_snapshot(RegistryKey& key, Scope scope, const Selection& selection,
                               const Clock& clock);

}  // namespace regwatch
