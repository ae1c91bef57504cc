// An engine that is made, started and stopped, where the stop may come at any moment of that.
//
// start() on one thread, once; stop() and progress() from any other at any time. After stop() the
// engine stays, stopped, until the runner is destroyed: its status may still be asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "base/sync.h"
#include "engine.h"
#include "service/workload.h"

namespace regwatch {

class EngineRunner {
public:
    // Nothing when it was started, or when stop() came before or meanwhile.
    std::optional<StartFailure> start(const Settings& settings, EngineOptions options,
                                      Platform& platform, const std::function<void()>& step_done)
        REGWATCH_EXCLUDES(mutex_);
    // Not before start() returned. Fails without a running engine, and as Engine::reload.
    [[nodiscard]] Result<ReloadReport> reload(const Settings& settings) REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] StopReport stop(Duration deadline) REGWATCH_EXCLUDES(mutex_);

    // Of all users; nothing while there is no engine.
    void release_hives() REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool stop_requested() const REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] EngineStatus status() const REGWATCH_EXCLUDES(mutex_);
    // How many keys are beyond `starting`.
    [[nodiscard]] std::uint64_t progress() const REGWATCH_EXCLUDES(mutex_);

private:
    // False when stop() was there first.
    bool publish(std::unique_ptr<Engine> engine) REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] Engine* engine() const REGWATCH_EXCLUDES(mutex_);

    mutable Mutex mutex_;
    bool stop_requested_ REGWATCH_GUARDED_BY(mutex_) = false;
    // Set once; used outside the lock, since it is destroyed only with the runner.
    std::unique_ptr<Engine> engine_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch
