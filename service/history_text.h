// The history as people and programs want it: a table, or CSV; and the times and kinds they ask for.
//
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "change/change.h"
#include "change/line.h"

namespace regwatch {

// "17  2026-11-02T10:15:30Z  run-keys  HKLM\… " with the change as to_line() has it.
[[nodiscard]] std::string history_line(const Change& change, Colour colour);

// Comma-separated, as RFC 4180 has it; a text that a spreadsheet would take for a formula gets an
// apostrophe in front.
[[nodiscard]] std::string csv_head();
[[nodiscard]] std::string csv_line(const Change& change);

// "2026-11-02", "2026-11-02T10:15", "2026-11-02T10:15:30Z" (UTC), or an age: "30m", "2h", "7d".
[[nodiscard]] std::optional<WallTime> parse_moment(std::string_view text, WallTime now);

// As the records name them: "value_set", …
[[nodiscard]] std::optional<DifferenceKind> parse_kind(std::string_view text);
[[nodiscard]] const std::vector<std::string>& kind_names();

}  // namespace regwatch
