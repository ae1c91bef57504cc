// The life of a service from its first status to its last but one, whoever hosts it: the service
// manager or a console.
//
// live() blocks its thread, which makes all reports itself, so they never overtake each other.
// Start and stop run on pool threads. Everybody else only posts to the inbox: posting takes a short
// lock, never waits, and is legal for as long as somebody holds the inbox, also when the life is
// over (a control handler may be called then).
//
// Requests are served one at a time on a pool thread while the workload runs. What is asked for during
// the start waits for its end, what is asked for after the stop is not served, and asking twice before
// it is served is asking once.
//
// Check points come from steps that are complete and from keys that are watched, never from the
// clock alone: a start that hangs is seen to hang.
#pragma once

#include <bitset>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "base/sync.h"
#include "platform/executor.h"
#include "service/service_state.h"
#include "service/workload.h"

namespace regwatch {

class ServiceInbox {
public:
    // What happened since the last call of wait().
    struct News {
        std::uint32_t steps_done = 0;
        bool tick = false;
        bool start_ended = false;
        std::optional<StartFailure> start_failure;
        std::bitset<kServiceRequests> requests;
        bool request_ended = false;
        bool stop_requested = false;
        bool stop_ended = false;
        bool stop_overdue = false;
    };

    void step_done() noexcept REGWATCH_EXCLUDES(mutex_);
    void tick() noexcept REGWATCH_EXCLUDES(mutex_);
    void start_ended(std::optional<StartFailure> failure) noexcept REGWATCH_EXCLUDES(mutex_);
    void request(ServiceRequest what) noexcept REGWATCH_EXCLUDES(mutex_);
    void request_ended() noexcept REGWATCH_EXCLUDES(mutex_);
    void request_stop() noexcept REGWATCH_EXCLUDES(mutex_);
    void stop_ended() noexcept REGWATCH_EXCLUDES(mutex_);
    void stop_overdue() noexcept REGWATCH_EXCLUDES(mutex_);

    [[nodiscard]] News wait() REGWATCH_EXCLUDES(mutex_);

private:
    Mutex mutex_;
    Condition changed_;
    bool any_ REGWATCH_GUARDED_BY(mutex_) = false;
    News news_ REGWATCH_GUARDED_BY(mutex_);
};

// Reports what the state machine says, in order. One thread.
class StatusReporter {
public:
    using Report = std::function<void(const ServiceStatus&)>;
    StatusReporter(ServiceState::Hints hints, Report report);

    void begin() { report_(state_.status()); }
    void tell(ServiceEvent event) { pass_on(state_.apply(event)); }
    // Last of all, after everything else has been destroyed: the process may be ended at once.
    void end(ServiceExit exit) { pass_on(state_.end(exit)); }

private:
    void pass_on(const ServiceState::Answer& answer);

    ServiceState state_;
    Report report_;
};

struct LifeTimes {
    Duration look_for_progress = std::chrono::seconds(1);
    Duration stop_deadline = std::chrono::seconds(15);
    Duration stop_overdue = std::chrono::seconds(22);  // since it was asked for
    Duration until_given_up = std::chrono::seconds(3);
};

// What a host does about a stop that does not end, because something hangs in the system where nothing
// reaches it: a file on a dead share, the Event Log. Without `give_up` it is waited for.
struct OverdueStop {
    std::function<void()> tell;  // on a pool thread, since it may hang as well
    // On the thread of live(), somewhat later; ends the process and does not come back.
    std::function<void()> give_up;
};

// From the start of the workload to the end of its stop. Reports everything but the end. Returns
// which step failed, if one did.
[[nodiscard]] std::optional<StartFailure> live(Workload& workload, Executor& executor,
                                               const std::shared_ptr<ServiceInbox>& inbox,
                                               StatusReporter& reporter, LifeTimes times = {},
                                               const OverdueStop& overdue = {});

}  // namespace regwatch
