// A value's data as it is handed on: all of it, or its first part, or nothing but its size.
//
// Plain values; any thread. What is left out is said, so that nobody takes a part for the whole: who
// wants to write data back asks whole().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "registry/value.h"

namespace regwatch {

struct ChangeData : ValueData {
    std::uint64_t size = 0;  // of all the data; `bytes` may be fewer
    bool redacted = false;   // nobody may see it: there are no bytes, and no hash
    std::string sha256;      // of all the data, where only the first part of it is here

    ChangeData() = default;
    ChangeData(ValueData data) : ValueData(std::move(data)), size(bytes.size()) {}

    [[nodiscard]] bool truncated() const noexcept { return !redacted && bytes.size() < size; }
    [[nodiscard]] bool whole() const noexcept { return !redacted && bytes.size() == size; }
};

// The first `limit` bytes or a few less, so that no character is cut in two, with what stands for the rest.
[[nodiscard]] ChangeData truncated_to(std::size_t limit, ValueData data);
[[nodiscard]] ChangeData redacted(ValueType type, std::uint64_t size);

}  // namespace regwatch
