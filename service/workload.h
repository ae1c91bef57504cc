// What a host runs between start and stop: the service's whole work, or that of `run` and `watch`.
//
// Owned by the host. service_life calls start() and stop() on pool threads; stop() may come while
// start() still runs, and never before it was begun. The destructor runs after both returned.
#pragma once

#include <cstddef>
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

// What somebody asks of a workload that runs, in the order in which it is served.
enum class ServiceRequest : std::uint8_t {
    release_hives,  // somebody logs off: nothing of a user's hive may stay open
    reload,         // take the configuration over, whatever it says now
    look_at_file,   // the configuration may have been written
    read_mutes,     // the mute command has written what is muted
    write_status,   // after the above, so that it tells what came of them
};
inline constexpr std::size_t kServiceRequests = 5;

class Workload {
public:
    virtual ~Workload() = default;

    // Returns when it works, or never will, or stop() was called. Calls `step_done` for each step
    // that is really complete. Cleans up after itself when it fails.
    virtual std::optional<StartFailure> start(const std::function<void()>& step_done) = 0;
    // Any thread while start() runs: a number that grows only when there is real progress.
    [[nodiscard]] virtual std::uint64_t progress() const = 0;
    // Between start and stop, one call at a time; stop() may come while it runs.
    virtual void serve(ServiceRequest) {}
    // Returns when nothing runs any more, soon after the deadline at the latest.
    virtual void stop(Duration deadline) = 0;
};

}  // namespace regwatch
