#include "engine.h"

#include <random>
#include <utility>

#include "base/sync.h"
#include "change/ulid.h"
#include "delivery/deadline.h"
#include "delivery/delivery.h"
#include "delivery/filter.h"
#include "watch/watch_set.h"

namespace regwatch {
namespace {

// Numbers changes and hands them on. Called by many looks at once.
class ChangeDesk {
public:
    ChangeDesk(Clock& clock, Delivery& delivery) : clock_(clock), delivery_(delivery) {}

    void take(const WatchSettings& watch, const KeyPath& key, Look& look)
        REGWATCH_EXCLUDES(mutex_) {
        for (Difference& difference : look.differences) {
            auto change = std::make_shared<Change>();
            change->kind = difference.kind;
            change->key = key;
            if (!difference.key.empty()) {
                change->key.subkey += (key.is_root() ? u"" : u"\\") + difference.key;
            }
            change->value_name = std::move(difference.value_name);
            change->before = std::move(difference.before);
            change->after = std::move(difference.after);
            change->detection = look.detection;
            change->detected_at = look.at;
            change->not_before = look.previous;
            change->key_last_write = difference.last_write;
            change->watch = watch.name;
            change->tags = watch.tags;
            change->techniques = watch.techniques;
            change->severity = watch.severity;
            number(*change);
            delivery_.deliver(actions_for(watch, *change), change);
        }
    }

    [[nodiscard]] std::uint64_t count() const REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        return sequence_;
    }

private:
    void number(Change& change) REGWATCH_EXCLUDES(mutex_) {
        const WallTime now = clock_.wall_now();
        const Lock lock(mutex_);
        change.sequence = ++sequence_;
        change.id = ids_.next(now, random_bytes());
    }

    [[nodiscard]] UlidMaker::Random random_bytes() REGWATCH_REQUIRES(mutex_) {
        UlidMaker::Random bytes{};
        std::uniform_int_distribution<unsigned> byte(0, 255);
        for (auto& b : bytes) b = static_cast<std::uint8_t>(byte(random_));
        return bytes;
    }

    Clock& clock_;
    Delivery& delivery_;

    mutable Mutex mutex_;
    std::uint64_t sequence_ REGWATCH_GUARDED_BY(mutex_) = 0;
    UlidMaker ids_ REGWATCH_GUARDED_BY(mutex_);
    std::random_device random_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace

// From the sink to the source, which is the order in which they are made; they go the other way.
struct Engine::Parts {
    Parts(Settings settings_in, Platform& platform_in)
        : settings(std::move(settings_in)),
          platform(platform_in),
          desk(platform_in.clock, delivery) {}

    const Settings settings;
    Platform& platform;
    Delivery delivery;
    ChangeDesk desk;
    std::unique_ptr<WatchSet> watches;
};

Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Engine::~Engine() { (void)stop(Duration::zero()); }

Result<std::unique_ptr<Engine>> Engine::create(const Settings& settings, EngineOptions options,
                                               Platform& platform) {
    auto parts = std::make_unique<Parts>(settings, platform);
    const auto add = [&](const std::string& name, std::unique_ptr<Action> action,
                         std::size_t limit) -> Result<void> {
        auto lane = Lane::create(name, std::move(action), limit, platform.action_executor,
                                 platform.journal);
        if (!lane) return std::move(lane).error();
        parts->delivery.add(std::move(lane).value());
        return {};
    };
    for (const ActionSettings& wanted : settings.actions) {
        auto added =
            add(wanted.name, make_action(wanted, options.context, platform), wanted.queue_limit);
        if (!added) return std::move(added).error();
    }
    auto ready_made = std::move(options.ready_made_actions);
    for (auto& [name, action] : ready_made) {
        auto added = add(name, std::move(action), ActionSettings{}.queue_limit);
        if (!added) return std::move(added).error();
    }
    auto watches =
        WatchSet::create(parts->settings.watches,
                         {platform.registry, platform.persistent_thread, platform.look_executor,
                          platform.clock, platform.journal},
                         [desk = &parts->desk](const WatchSettings& watch, const KeyPath& key,
                                               Look& look) { desk->take(watch, key, look); });
    if (!watches) return std::move(watches).error();
    parts->watches = std::move(watches).value();
    return std::unique_ptr<Engine>(new Engine(std::move(parts)));
}

void Engine::start() {
    parts_->watches->start();
    parts_->watches->wait_until_settled();
}

StopReport Engine::stop(Duration deadline) {
    StopReport report;
    parts_->watches->close();
    // On the threads of the looks, which have ended: actions may hang on all of their own.
    auto end = deadline > Duration::zero()
                   ? Deadline::create(parts_->platform.look_executor, deadline)
                   : Result(Deadline::passed_already());
    if (!end) end = Deadline::passed_already();
    report.undelivered = parts_->delivery.stop(**end, parts_->platform.journal);
    report.changes = parts_->desk.count();
    report.in_time = !(*end)->passed();
    return report;
}

EngineStatus Engine::status() const {
    EngineStatus status;
    status.watches = parts_->watches->status();
    const auto registrations = parts_->watches->registrations();
    status.registrations = registrations.made;
    status.registrations_elsewhere = registrations.elsewhere;
    status.changes = parts_->desk.count();
    status.dropped = parts_->delivery.dropped();
    return status;
}

}  // namespace regwatch
