// What a host runs between start and stop: the service's whole work, or that of `run` and `watch`.
//
// Owned by the host. service_life calls start() and stop() on pool threads; stop() may come while
// start() still runs, and never before it was begun. The destructor runs after both returned.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/time.h"
#include "service/exit_code.h"

namespace regwatch {

struct StartFailure {
    StartStep step = StartStep::internal;
    std::string reason;  // UTF-8, complete; already told to the journal
};

class Workload {
public:
    virtual ~Workload() = default;

    // Returns when it works, or never will, or stop() was called. Calls `step_done` for each step
    // that is really complete. Cleans up after itself when it fails.
    virtual std::optional<StartFailure> start(const std::function<void()>& step_done) = 0;
    // Any thread while start() runs: a number that grows only when there is real progress.
    [[nodiscard]] virtual std::uint64_t progress() const = 0;
    // Somebody logs off. Any thread between start and stop; may take time.
    virtual void session_ended() {}
    // Returns when nothing runs any more, soon after the deadline at the latest.
    virtual void stop(Duration deadline) = 0;
};

}  // namespace regwatch
