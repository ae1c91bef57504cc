#include "service/engine_runner.h"

#include <algorithm>
#include <utility>

namespace regwatch {

std::optional<StartFailure> EngineRunner::start(const Settings& settings, EngineOptions options,
                                                Platform& platform,
                                                const std::function<void()>& step_done) {
    auto made = Engine::create(settings, std::move(options), platform);
    if (!made) return StartFailure{StartStep::setting_up, made.error().text()};
    step_done();
    if (!publish(std::move(made).value())) return std::nullopt;
    engine()->start();
    return std::nullopt;
}

Result<ReloadReport> EngineRunner::reload(const Settings& settings) {
    Engine* const running = engine();
    if (running == nullptr)
        return Error{ErrorKind::gone, 0, "changing", "the configuration", "nothing is running"};
    return running->reload(settings);
}

StopReport EngineRunner::stop(Duration deadline) {
    {
        const Lock lock(mutex_);
        stop_requested_ = true;
    }
    Engine* const running = engine();
    return running == nullptr ? StopReport{} : running->stop(deadline);
}

bool EngineRunner::stop_requested() const {
    const Lock lock(mutex_);
    return stop_requested_;
}

void EngineRunner::release_hives() {
    if (Engine* const running = engine()) running->release_hive({});
}

EngineStatus EngineRunner::status() const {
    const Engine* const running = engine();
    return running == nullptr ? EngineStatus{} : running->status();
}

std::uint64_t EngineRunner::progress() const {
    const EngineStatus now = status();
    return static_cast<std::uint64_t>(std::count_if(
        now.watches.begin(), now.watches.end(),
        [](const WatchStatus& watch) { return watch.state != WatchState::starting; }));
}

bool EngineRunner::publish(std::unique_ptr<Engine> engine) {
    const Lock lock(mutex_);
    if (stop_requested_) return false;
    engine_ = std::move(engine);
    return true;
}

Engine* EngineRunner::engine() const {
    const Lock lock(mutex_);
    return engine_.get();
}

}  // namespace regwatch
