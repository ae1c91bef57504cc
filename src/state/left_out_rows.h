// The counts of what actions did not get, as rows, until they are told.
//
// Inside a transaction of the caller's; one thread at a time.
#pragma once

#include <vector>

#include "platform/store.h"
#include "state/sqlite.h"

namespace regwatch {

// Adds to what is there. A count may be less than 0 for a while, when what it counts was told before it was
// written.
Result<void> add_left_out(Database& database, const LeftOutCount& count);
Result<std::vector<LeftOutCount>> read_left_out(Database& database);

}  // namespace regwatch
