#include "engine.h"

#include <optional>
#include <utility>

#include "delivery/deadline.h"
#include "delivery/delivery.h"
#include "delivery/filter.h"
#include "state/recorder.h"
#include "watch/watch_set.h"

namespace regwatch {
namespace {

// Between the three: what looks find is recorded, what is recorded is owed, what is owed is delivered.
class Desk final : public LookKeeper, public OwedDeliveries {
public:
    Desk(Store* store, Delivery& delivery) : store_(store), delivery_(delivery) {}

    Result<void> create_recorder(Platform& platform, Recorder::Limits limits) {
        auto made = Recorder::create(
            {store_, platform.look_executor, platform.clock, platform.journal}, std::move(limits),
            [](const WatchSettings& watch, const Change& change) {
                return actions_for(watch, change);
            },
            [this](const std::vector<std::string>& actions, const SharedChange& change,
                   bool is_kept) {
                delivery_.deliver(actions, change, is_kept ? Kept::yes : Kept::no);
            });
        if (!made) return std::move(made).error();
        recorder_ = std::move(made).value();
        return {};
    }
    [[nodiscard]] Recorder& recorder() { return *recorder_; }
    [[nodiscard]] const Recorder& recorder() const { return *recorder_; }

    std::optional<StoredBaseline> baseline(const WatchSettings& watch,
                                           const KeyPath& key) override {
        return recorder_->baseline(watch, key);
    }
    void take(const WatchSettings& watch, const KeyPath& key, Look& look) override {
        take(watch, key, look, true);
    }
    void take_names(const WatchSettings& watch, const KeyPath& pattern, Look& look) override {
        take(watch, pattern, look, false);
    }

    Result<std::vector<SharedChange>> owed(const std::string& action, std::uint64_t after,
                                           std::size_t limit) override {
        return store_->pending(action, after, limit);
    }
    void delivered(const std::string& action, std::uint64_t sequence) override {
        recorder_->delivered(action, sequence);
    }
    void caught_up() override { recorder_->write_delivered(); }

private:
    void take(const WatchSettings& watch, const KeyPath& key, Look& look, bool is_news) {
        FoundState found{&watch,         &key,    look.now,      std::move(look.differences),
                         look.detection, look.at, look.previous, is_news};
        recorder_->take(std::move(found));
    }

    Store* const store_;
    Delivery& delivery_;
    std::unique_ptr<Recorder> recorder_;
};

}  // namespace

// From the sink to the source, which is the order in which they are made; they go the other way.
struct Engine::Parts {
    Parts(Settings settings_in, Platform& platform_in, Store* store)
        : settings(std::move(settings_in)), platform(platform_in), desk(store, delivery) {}

    const Settings settings;
    Platform& platform;
    Delivery delivery;
    Desk desk;
    std::unique_ptr<WatchSet> watches;
};

Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Engine::~Engine() { (void)stop(Duration::zero()); }

Result<std::unique_ptr<Engine>> Engine::create(const Settings& settings, EngineOptions options,
                                               Platform& platform) {
    Store* const store = options.store;
    auto parts = std::make_unique<Parts>(settings, platform, store);
    Recorder::Limits limits = std::move(options.state);
    for (const ActionSettings& action : settings.actions) limits.actions.push_back(action.name);
    for (const auto& [name, action] : options.ready_made_actions) limits.actions.push_back(name);
    if (auto made = parts->desk.create_recorder(platform, std::move(limits)); !made)
        return std::move(made).error();
    OwedDeliveries* const owed = store == nullptr ? nullptr : &parts->desk;
    const auto add = [&](const std::string& name, std::unique_ptr<Action> action,
                         std::size_t limit) -> Result<void> {
        auto lane = Lane::create(name, std::move(action), limit, platform.action_executor,
                                 platform.journal, owed);
        if (!lane) return std::move(lane).error();
        parts->delivery.add(std::move(lane).value());
        return {};
    };
    for (const ActionSettings& wanted : settings.actions) {
        auto action = make_action(wanted, options.context, platform);
        if (!action) return std::move(action).error();
        auto added = add(wanted.name, std::move(action).value(), wanted.queue_limit);
        if (!added) return std::move(added).error();
    }
    auto ready_made = std::move(options.ready_made_actions);
    for (auto& [name, action] : ready_made) {
        auto added = add(name, std::move(action), ActionSettings{}.queue_limit);
        if (!added) return std::move(added).error();
    }
    auto watches = WatchSet::create(parts->settings.watches,
                                    {platform.registry, platform.persistent_thread,
                                     platform.look_executor, platform.clock, platform.journal},
                                    parts->desk, options.begin);
    if (!watches) return std::move(watches).error();
    parts->watches = std::move(watches).value();
    return std::unique_ptr<Engine>(new Engine(std::move(parts)));
}

void Engine::start() {
    parts_->desk.recorder().open();
    parts_->delivery.start();
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
    parts_->desk.recorder().close();
    report.changes = parts_->desk.recorder().count();
    report.in_time = !(*end)->passed();
    return report;
}

EngineStatus Engine::status() const {
    EngineStatus status;
    status.watches = parts_->watches->status();
    const auto registrations = parts_->watches->registrations();
    status.registrations = registrations.made;
    status.registrations_elsewhere = registrations.elsewhere;
    status.changes = parts_->desk.recorder().count();
    status.store = parts_->desk.recorder().state();
    status.dropped = parts_->delivery.dropped();
    return status;
}

}  // namespace regwatch
