// How much a change matters: a word that the config gives and the change record carries on.
//
// A plain value; any thread. It stands here because settings and change do not know each other.
#pragma once

namespace regwatch {

enum class Severity { info, low, medium, high, critical };
[[nodiscard]] const char* name_of(Severity severity) noexcept;

}  // namespace regwatch
