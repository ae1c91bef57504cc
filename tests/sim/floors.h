// The least that each complete search has to have in it, as tests/sim/floors.txt says.
//
// A search that has shrunk finds less, and without a floor nobody would notice. Nor would anybody where
// the floor lies far below: then it has to be raised. Written anew by tests/sim/write_floors.sh. One OS
// thread.
#pragma once

#include <cstddef>
#include <string>

#include "sim/explorer.h"

namespace regwatch::sim {

// Checks that every schedule up to the bound of its line holds, and that they are no fewer than it says.
// A sample of the search has so many of them.
Report explore_completely(ExploreOptions options, const Scenario& scenario,
                          std::size_t schedules_of_a_sample = 2'000);

// Checks a count of anything else against its line. A sample has no floor.
void has_not_shrunk(const std::string& name, std::size_t count);

// Only the complete searches are wanted now.
[[nodiscard]] bool floors_are_being_written();

}  // namespace regwatch::sim
