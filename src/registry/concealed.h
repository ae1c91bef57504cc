// Data that must not leave the process: what a snapshot keeps in its place.
//
// It says whether the data is still the same, and how long it is, and nothing else: the bytes are the
// size and a hash under a key that is drawn at random by every process and never told. So neither a
// record nor a stored baseline can be searched for a password. Any thread.
#pragma once

#include <cstdint>

#include "registry/value.h"

namespace regwatch {

// Of the same type. Equal within one process exactly if the data is.
[[nodiscard]] ValueData conceal(const ValueData& data);
// Of the data that was concealed; nothing else can be had of it.
[[nodiscard]] std::uint64_t concealed_size(const ValueData& concealed) noexcept;
// Whether two may be the same data although two processes concealed them: type and size are equal.
[[nodiscard]] bool may_be_same_concealed(const ValueData& a, const ValueData& b) noexcept;

}  // namespace regwatch
