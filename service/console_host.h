// A workload in a console: Ctrl-C, Ctrl-Break, closing the window and logging off stop it.
//
// live_in_console() blocks its thread until the workload has ended; once at a time in a process.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "service/service_life.h"

namespace regwatch {

// `on_phase` is told each phase once, on the calling thread.
[[nodiscard]] std::optional<StartFailure> live_in_console(
    Workload& workload, Executor& executor, const std::shared_ptr<ServiceInbox>& inbox,
    const std::function<void(ServicePhase)>& on_phase);

}  // namespace regwatch
