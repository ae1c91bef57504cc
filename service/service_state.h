// What a Windows service may say about itself, as a pure value: (state, event) -> status to report.
//
// No system call; any thread, one at a time. Whoever drives it (service_life) reports each status
// that comes out, in that order, and nothing else. An event that does not belong into the state is
// refused and changes nothing, because the service manager's reaction to a wrong report is
// undefined.
//
//   phase    | step_done  | started | stop_requested | ended
//   ---------+------------+---------+----------------+---------
//   starting | next point | running | stopping       | stopped
//   running  | refused    | refused | stopping       | stopped
//   stopping | next point | nothing | nothing        | stopped
//   stopped  | refused    | refused | refused        | refused
//
// `started` while stopping is no fault: a stop that came during the start is honoured, and the
// start ends behind it. Facts: SetServiceStatus and SERVICE_STATUS in the Win32 documentation.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace regwatch {

enum class ServicePhase : std::uint8_t { starting, running, stopping, stopped };
[[nodiscard]] const char* name_of(ServicePhase phase) noexcept;

// Zero: everything is well. `specific` is a StartStep of exit_code.h, and then `system` is not
// used.
struct ServiceExit {
    std::uint32_t system = 0;    // a Win32 error code
    std::uint32_t specific = 0;  // a number of our own

    friend bool operator==(const ServiceExit&, const ServiceExit&) = default;
};

struct ServiceStatus {
    ServicePhase phase = ServicePhase::starting;
    bool accepts_stop = false;      // never while something is pending
    std::uint32_t check_point = 0;  // zero unless pending
    Duration wait_hint{};           // zero unless pending
    ServiceExit exit;

    friend bool operator==(const ServiceStatus&, const ServiceStatus&) = default;
};

enum class ServiceEvent : std::uint8_t { step_done, started, stop_requested };

class ServiceState {
public:
    // How long the manager should wait for the next check point.
    struct Hints {
        Duration starting{};
        Duration stopping{};
    };
    explicit ServiceState(Hints hints) noexcept : hints_(hints) {}

    struct Answer {
        bool refused = false;
        std::optional<ServiceStatus> report;
    };
    Answer apply(ServiceEvent event) noexcept;
    // The last report of all; once, after everything has been cleaned up.
    Answer end(ServiceExit exit) noexcept;

    [[nodiscard]] ServiceStatus status() const noexcept;
    [[nodiscard]] ServicePhase phase() const noexcept { return phase_; }

private:
    Answer enter(ServicePhase phase) noexcept;
    Answer next_check_point() noexcept;

    Hints hints_;
    ServicePhase phase_ = ServicePhase::starting;
    std::uint32_t check_point_ = 1;
    ServiceExit exit_;
};

}  // namespace regwatch
