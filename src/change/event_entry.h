// One entry for the Windows Event Log, fully composed, and how it is composed.
//
// Pure; any thread. What leaves here is safe to hand on: every insert is escaped (control
// characters, NUL, bidi overrides, lone surrogates), clipped on a character's border with a marker
// that has the SHA-256 of the whole (of the value's bytes, or of the name's in UTF-16), and cannot be expanded a second time by a viewer ('%' before a digit, '%' or '!' is followed by a
// U+200B, because ReportEvent's documentation says that viewers expand it). The exact data is in
// the JSON record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "change/event_id.h"

namespace regwatch {

struct Change;

// In UTF-16 units. The documented limit for one insert is 31,839, for an entry about 64 kB; entries
// were seen to be refused from 31,700 units in all.
inline constexpr std::size_t kMaxInsertUnits = 8'000;
inline constexpr std::size_t kMaxEntryUnits = 28'000;

struct EventEntry {
    EventId id{};
    EventLevel level = EventLevel::information;
    EventCategory category = EventCategory::service;
    std::vector<std::u16string> inserts;

    // As the message compiler encodes it: severity in the top bits, the number in the low 16.
    [[nodiscard]] std::uint32_t system_id() const noexcept;
};

// %1 watch, %2 kind, %3 key, %4 value name, %5 type, %6 old, %7 new, %8 time, %9 sequence,
// %10 id, %11 tags. Always all eleven; one that says nothing for this kind is empty.
[[nodiscard]] EventEntry event_entry(const Change& change);
[[nodiscard]] EventEntry event_entry(EventId id, const std::vector<std::string>& utf8_inserts);

// The entry's text as Event Viewer shows it, with line ends '\n'.
[[nodiscard]] std::u16string render(const EventEntry& entry);

}  // namespace regwatch
