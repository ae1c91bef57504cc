// Whether keys of the registry fit the paths with wildcards of a config, as it is now and without
// watching anything: for whoever checks a config before it is used.
//
// One thread. Counts as PatternWatch does, so that what it finds too much is too much there. The registry
// outlives it.
#pragma once

#include <cstddef>
#include <vector>

#include "platform/registry.h"
#include "registry/key_path.h"

namespace regwatch {

enum class PatternFit {
    no_key,
    some_keys,
    too_many_keys,
    unknown,  // something on the way may not be read, or the search is exhausted
};

class PatternSearch {
public:
    // So many keys are opened or listed at most, of all patterns together.
    PatternSearch(Registry& registry, std::size_t most_keys)
        : registry_(registry), left_(most_keys) {}

    // Of patterns that stand for the same; each of them may find `max_keys`.
    [[nodiscard]] PatternFit look_for(const std::vector<KeyPath>& patterns, std::size_t max_keys);
    // Nothing more is known of any pattern.
    [[nodiscard]] bool is_exhausted() const noexcept { return is_exhausted_; }

private:
    class One;
    [[nodiscard]] bool spend(std::size_t keys) noexcept;

    Registry& registry_;
    std::size_t left_;
    bool is_exhausted_ = false;
};

}  // namespace regwatch
