// The events that RegWatch has reported since an object of this was made.
//
// On a Windows read back from the Application log, source RegWatch. Wine's Event Log keeps nothing:
// there the trace is read that in_own_prefix.sh asks Wine for, in which long inserts are cut. On
// the test's own thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace regwatch::e2e {

struct ReportedEvent {
    std::uint16_t id = 0;
    std::vector<std::string> inserts;  // UTF-8
};

class ReportedEvents {
public:
    ReportedEvents();

    [[nodiscard]] std::vector<ReportedEvent> all() const;  // oldest first
    [[nodiscard]] std::vector<ReportedEvent> with_id(std::uint16_t id) const;

private:
    std::size_t begin_;  // of the trace's events; on a Windows the first record's number
};

}  // namespace regwatch::e2e
