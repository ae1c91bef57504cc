// Schedules in which a broken rule was once found, kept in tests/sim/schedules.txt: run first, and for ever.
//
// A schedule fits as long as the code under test makes the same port calls. One that does not fit any more
// fails its test, until tests/sim/keep_schedules.sh has thrown it out. One OS thread.
#pragma once

#include "sim/explorer.h"

namespace regwatch::sim {

// Those of the search with this name.
void kept_schedules_hold(const ExploreOptions& options, const Scenario& scenario);
// Nothing else is wanted now: keep_schedules.sh is asking which of them fit.
[[nodiscard]] bool only_kept_schedules_are_run();

}  // namespace regwatch::sim
