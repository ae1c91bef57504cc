// How many handles and threads this process has. Any thread; throws when the system does not say.
#pragma once

#include <cstddef>

namespace regwatch::test {

// Counted in the system's table of all handles: Wine 8's GetProcessHandleCount succeeds with zero.
[[nodiscard]] std::size_t handle_count();
[[nodiscard]] std::size_t thread_count();

}  // namespace regwatch::test
