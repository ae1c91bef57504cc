// The numbers of the events and what is fixed about each, made from change/events.def.
//
// Constants; any thread.
#pragma once

#include <cstdint>
#include <span>

namespace regwatch {

enum class EventLevel : std::uint8_t { information, warning, error };

// In this order the categories are messages 1 … 7 of regwatch-events.dll.
enum class EventCategory : std::uint16_t {
    service = 1,
    configuration,
    watch,
    change,
    action,
    security,
    delivery,
};

enum class EventAudience : std::uint8_t { admin, diagnostic };

enum class EventId : std::uint16_t {
#define REGWATCH_EVENT(number, name, level, category, audience, text) name = (number),
#include "change/events.def"
#undef REGWATCH_EVENT
};

struct EventKind {
    EventId id{};
    const char* name = "";
    EventLevel level = EventLevel::information;
    EventCategory category = EventCategory::service;
    EventAudience audience = EventAudience::admin;
    const char* text = "";  // message-compiler syntax
};

[[nodiscard]] std::span<const EventKind> all_event_kinds() noexcept;
[[nodiscard]] const EventKind& kind_of(EventId id) noexcept;

}  // namespace regwatch
