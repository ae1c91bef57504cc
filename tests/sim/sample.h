// How much of a search is done here: all of it, or a sample.
//
// A sanitizer makes a switch of simulated threads dearer, ThreadSanitizer twenty times. What it adds is
// whether their code is sound as it counts, for which some runs of each scenario do; the search for orders
// that break a rule is done in full without it. Any thread.
#pragma once

#include <algorithm>
#include <cstddef>

namespace regwatch::sim {

#ifdef REGWATCH_SIM_SAMPLE
inline constexpr bool kIsSample = true;
#else
inline constexpr bool kIsSample = false;
#endif

// Of so many runs; of a complete search as many as its random part has.
[[nodiscard]] constexpr std::size_t sample_of(std::size_t runs) {
#ifdef REGWATCH_SIM_SAMPLE
    return std::min<std::size_t>(runs, 3 + runs / REGWATCH_SIM_SAMPLE);
#else
    return runs;
#endif
}

}  // namespace regwatch::sim
