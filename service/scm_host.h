// The service under the service manager.
//
// run_as_service() blocks the main thread in the dispatcher until the service has stopped. The
// control handler runs on that thread and only posts; service_life does the rest on the service's
// own thread. Facts: StartServiceCtrlDispatcherW, RegisterServiceCtrlHandlerExW, SetServiceStatus
// in sdk-api.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace regwatch {

// Controls of our own; Windows passes 128 … 255 on as they are.
inline constexpr std::uint32_t kReloadControl = 128;
inline constexpr std::uint32_t kStatusControl = 129;
inline constexpr std::uint32_t kMuteControl = 130;

enum class Served {
    yes,                    // the service ran and has stopped; the manager knows how
    not_started_by_manager  // a person started the program
};

[[nodiscard]] Result<Served> run_as_service();

}  // namespace regwatch
