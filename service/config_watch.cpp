#include "service/config_watch.h"

#include <optional>
#include <utility>

namespace regwatch {
namespace {

using namespace std::chrono_literals;

constexpr Duration kAtRest = 500ms;
constexpr Duration kNowAndThen = 5s;
constexpr Duration kAgain = 2s;

}  // namespace

ConfigWatch::ConfigWatch(Executor& executor, FileWatcher& watcher, std::function<void()> on_written)
    : watcher_(watcher), polled_(executor, kNowAndThen), on_written_(std::move(on_written)) {}

Result<std::unique_ptr<ConfigWatch>> ConfigWatch::create(Executor& executor, FileWatcher& watcher,
                                                         std::function<void()> on_written) {
    std::unique_ptr<ConfigWatch> made(new ConfigWatch(executor, watcher, std::move(on_written)));
    auto timer = executor.create_timer([self = made.get()] { self->came_to_rest(); });
    if (!timer) return std::move(timer).error();
    made->timer_ = std::move(timer).value();
    return made;
}

ConfigWatch::~ConfigWatch() { watch_.reset(); }

// The old watch goes last, so that nothing falls between the two.
Result<void> ConfigWatch::follow(const std::vector<std::string>& files) {
    const auto signal = [this] { timer_->set(kAtRest); };
    auto watch = watcher_.watch(files, signal);
    std::optional<Error> not_notified;
    if (!watch) {
        not_notified = std::move(watch).error();
        watch = polled_.watch(files, signal);
    }
    auto stamps = stamps_of(files);
    {
        const Lock lock(mutex_);
        files_ = files;
        stamps_ = std::move(stamps);
    }
    if (watch) watch_ = std::move(watch).value();
    if (not_notified) return *std::move(not_notified);
    return {};
}

void ConfigWatch::look_again() {
    {
        const Lock lock(mutex_);
        in_any_case_ = true;
    }
    timer_->set(kAgain);
}

void ConfigWatch::came_to_rest() {
    std::vector<std::string> files;
    {
        const Lock lock(mutex_);
        files = files_;
    }
    auto now = stamps_of(files);
    {
        const Lock lock(mutex_);
        const bool in_any_case = std::exchange(in_any_case_, false);
        if (!in_any_case && now == stamps_) return;
        stamps_ = std::move(now);
    }
    on_written_();
}

}  // namespace regwatch
