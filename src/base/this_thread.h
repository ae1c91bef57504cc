// Who runs: for a function that would wait for itself, and must say so instead of hanging.
//
// Any thread. The simulator (REGWATCH_SIMULATED) has threads of its own.
#pragma once

#if defined(REGWATCH_SIMULATED)

#include <cstddef>

namespace regwatch {

using ThreadId = std::size_t;
[[nodiscard]] ThreadId this_thread() noexcept;
[[noreturn]] void misuse(const char* what) noexcept;

}  // namespace regwatch

#else

#include <cstdio>
#include <cstdlib>
#include <thread>

namespace regwatch {

using ThreadId = std::thread::id;
[[nodiscard]] inline ThreadId this_thread() noexcept { return std::this_thread::get_id(); }

// Ends the program: who broke the contract of a function cannot be answered by it.
[[noreturn]] inline void misuse(const char* what) noexcept {
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

}  // namespace regwatch

#endif
