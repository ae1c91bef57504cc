// The work of `watch`: the keys of a command line, each change printed as it happens.
//
// Nothing is printed before all keys are being watched and the head was printed, so that a script
// that reads the first line may begin to make changes. When the output cannot be written any more,
// for example because the program that read it has ended, `on_output_gone` is called once, on an
// action thread; it must only post. The platform outlives the workload.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "change/line.h"
#include "platform/platform.h"
#include "service/command_line.h"
#include "service/engine_runner.h"
#include "service/workload.h"

namespace regwatch {

// `own_hive` is what HKCU stands for: the caller's hive below HKEY_USERS, his SID.
[[nodiscard]] Result<Settings> watch_settings(const WatchCommand& command,
                                              const std::string& own_hive);

struct WatchOutput {
    // Writes whole lines at once and hands them on at once; false: nobody reads them any more.
    std::function<bool(std::string_view)> write;
    std::function<void()> on_output_gone;
    Colour colour = Colour::never;
    bool json = false;
    std::string host_name;
};

class WatchWorkload : public Workload {
public:
    WatchWorkload(Settings settings, WatchOutput output, Platform& platform);
    ~WatchWorkload() override;

    std::optional<StartFailure> start(const std::function<void()>& step_done) override;
    [[nodiscard]] std::uint64_t progress() const override { return runner_.progress(); }
    void stop(Duration deadline) override;

private:
    class Printer;
    class PrintAction;

    const Settings settings_;
    Platform& platform_;
    const std::shared_ptr<Printer> printer_;  // shared with the action, which the engine owns
    EngineRunner runner_;
};

}  // namespace regwatch
