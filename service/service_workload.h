// The work of the service, and of `run`: what the config file says, until the stop.
//
// The steps of the start are those of exit_code.h, in order; each failure is told to the journal
// here, with file, line and column where it has them. The platform outlives the workload.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platform/platform.h"
#include "service/engine_runner.h"
#include "service/workload.h"
#include "settings/loader.h"

namespace regwatch {

// What the host knows.
struct ServicePlan {
    std::string config;          // UTF-8, absolute
    std::string data_directory;  // UTF-8, absolute
    std::string host_name;
    std::function<Result<void>()> prepare_data_directory;  // empty: nothing has to be prepared
};

class ServiceWorkload : public Workload {
public:
    ServiceWorkload(ServicePlan plan, Platform& platform);

    std::optional<StartFailure> start(const std::function<void()>& step_done) override;
    [[nodiscard]] std::uint64_t progress() const override { return runner_.progress(); }
    void session_ended() override { runner_.release_hives(); }
    void stop(Duration deadline) override;

private:
    std::optional<StartFailure> start_engine(const Settings& settings,
                                             const std::function<void()>& step_done);
    StartFailure tell(StartFailure failure) const;
    StartFailure tell_problems(const std::vector<Problem>& problems) const;

    const ServicePlan plan_;
    Platform& platform_;
    EngineRunner runner_;
};

}  // namespace regwatch
