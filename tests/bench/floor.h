// What the bare system takes, without anything of this project: the floors that figures are held
// against. One implementation for the real registry, one for the simulated.
#pragma once

#include <cstddef>

#include "platform/registry.h"

namespace regwatch::test {

// A simulated registry answers from memory, so that nothing can be said about time.
#if defined(_WIN32)
inline constexpr bool kFloorIsReal = true;
#else
inline constexpr bool kFloorIsReal = false;
#endif

// Walks the tree at `path`, reads every name and every value into one buffer and keeps nothing. Returns
// how many entries it saw.
[[nodiscard]] std::size_t walk_bare(Registry& registry, const KeyPath& path);

// Bytes of the heap that are in use by the whole process, with what the allocator itself needs for them.
[[nodiscard]] std::size_t heap_in_use();

}  // namespace regwatch::test
