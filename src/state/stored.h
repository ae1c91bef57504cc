// A number of a row as one of an enumeration: what a damaged database has in its place is the first.
//
// Pure; any thread.
#pragma once

#include <cstdint>

namespace regwatch {

template <class Enumeration>
[[nodiscard]] Enumeration stored(std::int64_t number, Enumeration last) noexcept {
    const bool is_one = number >= 0 && number <= static_cast<std::int64_t>(last);
    return is_one ? static_cast<Enumeration>(number) : Enumeration{};
}

}  // namespace regwatch
