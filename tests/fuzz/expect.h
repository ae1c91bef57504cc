// What a fuzz target finds wrong: it ends the run, and the fuzzer keeps the input.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace regwatch::fuzz {

inline void expect(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", what);
    std::abort();
}

}  // namespace regwatch::fuzz
