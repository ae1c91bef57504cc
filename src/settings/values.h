// The small notations that a config uses for values: durations, sizes, names, technique ids.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace regwatch {

inline constexpr std::uint64_t kDay = 86'400'000;  // in milliseconds

[[nodiscard]] std::string lower_ascii(std::string_view text);

// A whole number without sign, as JSON writes it; nothing for any other or one beyond 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text);

// "500ms", "30s", "5m", "1h", "7d", in milliseconds.
[[nodiscard]] std::optional<std::uint64_t> parse_duration(std::string_view text);
[[nodiscard]] std::string duration_text(std::uint64_t milliseconds);

// "512B", "64KB", "10MB", "1GB", in bytes; 1KB is 1,024 of them, as the Explorer counts.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);
[[nodiscard]] std::string size_text(std::uint64_t bytes);

// What keeps a name of a watch or an action out of file names and events; empty: nothing does. It
// has 1 to 64 ASCII letters, digits, '.', '_' and '-', a letter or digit first and last.
[[nodiscard]] std::string name_complaint(std::string_view name);

// T1547 or T1547.001
[[nodiscard]] bool is_technique(std::string_view text);

}  // namespace regwatch
