#include "change/event_id.h"

#include <algorithm>
#include <iterator>

namespace regwatch {
namespace {

constexpr EventKind kKinds[] = {
#define REGWATCH_EVENT(number, name, level, category, audience, text)            \
    {EventId::name,           #name, EventLevel::level, EventCategory::category, \
     EventAudience::audience, text},
#include "change/events.def"
#undef REGWATCH_EVENT
};

constexpr bool are_in_order() {
    for (std::size_t i = 1; i < std::size(kKinds); ++i) {
        if (kKinds[i - 1].id >= kKinds[i].id) return false;
    }
    return true;
}
static_assert(are_in_order(), "events.def is sorted by number, and no number is there twice");

// For a number that no entry of the list has; only a cast can make one.
constexpr EventKind kUnknown = {};

}  // namespace

std::span<const EventKind> all_event_kinds() noexcept { return kKinds; }

const EventKind& kind_of(EventId id) noexcept {
    const EventKind* kind =
        std::lower_bound(std::begin(kKinds), std::end(kKinds), id,
                         [](const EventKind& entry, EventId wanted) { return entry.id < wanted; });
    return kind != std::end(kKinds) && kind->id == id ? *kind : kUnknown;
}

}  // namespace regwatch
