// How much of a search is done here: all of it, or a sample.
//
// ThreadSanitizer makes a switch of simulated threads twenty times dearer. What it adds is whether their
// code is sound as it counts, for which some runs of each scenario do; the search for orders that break a
// rule is done in full without it. Any thread.
#pragma once

#include <algorithm>
#include <cstddef>

namespace regwatch::sim {

#ifdef REGWATCH_SIM_SAMPLE
inline constexpr bool kIsSample = true;
#else
inline constexpr bool kIsSample = false;
#endif

// Of so many runs.
[[nodiscard]] constexpr std::size_t sample_of(std::size_t runs) {
    return kIsSample ? std::min<std::size_t>(runs, 3 + runs / 200) : runs;
}

}  // namespace regwatch::sim
