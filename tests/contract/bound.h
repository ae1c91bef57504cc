// How long a test waits for what other threads do: longer than the longest pause between two tries of anything.
// Never in full where things are well.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace regwatch::test {

inline constexpr std::chrono::seconds kBound{90};

// Asks until it is so or the bound is over, and gives way to others in between.
[[nodiscard]] inline bool comes_true(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + kBound;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace regwatch::test
