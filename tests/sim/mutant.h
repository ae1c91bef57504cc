// Whether a rule of the sources has been broken on purpose, by run_mutants.sh: then a search may have
// another size, and a schedule may not fit, which shows nothing.
#pragma once

#include <cstdlib>

namespace regwatch::sim {

[[nodiscard]] inline bool is_mutant() { return std::getenv("REGWATCH_MUTANT") != nullptr; }

}  // namespace regwatch::sim
