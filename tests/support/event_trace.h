// What Wine's Event Log was given, read from the trace it writes instead of keeping it.
//
// Pure. Needs the channels fixme+advapi and +eventlog: the first names the event, the second each of its
// inserts, of which Wine cuts the long ones ("…"). Several processes may write into one trace; lines
// of one event are those with one thread id.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace regwatch::test {

struct TracedEvent {
    std::uint32_t id = 0;  // with the severity in its top bits
    std::uint16_t type = 0;
    std::uint16_t category = 0;
    std::vector<std::u16string> inserts;
};

[[nodiscard]] std::vector<TracedEvent> parse_event_trace(std::string_view trace);

}  // namespace regwatch::test
