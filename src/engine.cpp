#include "engine.h"

#include <random>
#include <utility>

#include "base/sync.h"
#include "change/ulid.h"
#include "delivery/deadline.h"
#include "delivery/delivery.h"
#include "delivery/filter.h"
#include "text/fold.h"
#include "watch/make_change.h"
#include "watch/watch_set.h"

namespace regwatch {
namespace {

// Numbers changes and hands them on. Called by many looks at once.
class ChangeDesk {
public:
    ChangeDesk(Clock& clock, Accounts* accounts, Delivery& delivery)
        : clock_(clock), accounts_(accounts), delivery_(delivery) {}

    void take(const WatchSettings& watch, const KeyPath& key, Look& look)
        REGWATCH_EXCLUDES(mutex_) {
        for (Difference& difference : look.differences) {
            auto made = make_change(watch, key, look, std::move(difference));
            if (!made) continue;
            auto change = std::make_shared<Change>(*std::move(made));
            change->hive_owner = owner_of(change->key);
            number(*change);
            delivery_.deliver(actions_for(watch, *change), change);
        }
    }

    [[nodiscard]] std::uint64_t count() const REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        return sequence_;
    }

private:
    // "_Classes" is the second hive of the same user.
    [[nodiscard]] std::string owner_of(const KeyPath& key) const {
        if (accounts_ == nullptr || key.root != Root::users) return {};
        constexpr std::u16string_view kCompanion = u"_Classes";
        std::u16string_view sid = key.subkey;
        sid = sid.substr(0, sid.find(u'\\'));
        if (sid.size() > kCompanion.size() &&
            equal_folded(sid.substr(sid.size() - kCompanion.size()), kCompanion)) {
            sid.remove_suffix(kCompanion.size());
        }
        return sid.empty() ? std::string() : accounts_->name_of(sid);
    }

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
    Accounts* const accounts_;
    Delivery& delivery_;

    mutable Mutex mutex_;
    std::uint64_t sequence_ REGWATCH_GUARDED_BY(mutex_) = 0;
    UlidMaker ids_ REGWATCH_GUARDED_BY(mutex_);
    std::random_device random_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace

// From the sink to the source, which is the order in which they are made; they go the other way.
struct Engine::Parts {
    Parts(ActionContext context_in, Platform& platform_in)
        : context(std::move(context_in)),
          platform(platform_in),
          desk(platform_in.clock, platform_in.accounts, delivery) {}

    // One reload at a time, and none once stopping.
    class Turn {
    public:
        explicit Turn(Parts& parts) : parts_(parts) {
            const Lock lock(parts_.mutex);
            while (parts_.reloading && !parts_.stopping) parts_.changed.wait(parts_.mutex);
            mine_ = !parts_.stopping;
            if (mine_) parts_.reloading = true;
        }
        ~Turn() {
            if (!mine_) return;
            const Lock lock(parts_.mutex);
            parts_.reloading = false;
            parts_.changed.notify_all();
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        explicit operator bool() const noexcept { return mine_; }

    private:
        Parts& parts_;
        bool mine_ = false;
    };
    void no_more_reloads() noexcept REGWATCH_EXCLUDES(mutex) {
        const Lock lock(mutex);
        stopping = true;
        changed.notify_all();
        while (reloading) changed.wait(mutex);
    }

    Result<std::unique_ptr<Lane>> make_lane(const ActionSettings& wanted) {
        return Lane::create(wanted.name, make_action(wanted, context, platform), wanted.queue_limit,
                            platform.action_executor, platform.journal);
    }

    const ActionContext context;
    Platform& platform;
    Delivery delivery;
    ChangeDesk desk;
    std::map<std::string, ActionSettings> actions;  // as they are now; whoever reloads
    std::unique_ptr<WatchSet> watches;

    Mutex mutex;
    Condition changed;
    bool reloading REGWATCH_GUARDED_BY(mutex) = false;
    bool stopping REGWATCH_GUARDED_BY(mutex) = false;
};

Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Engine::~Engine() { (void)stop(Duration::zero()); }

Result<std::unique_ptr<Engine>> Engine::create(const Settings& settings, EngineOptions options,
                                               Platform& platform) {
    auto parts = std::make_unique<Parts>(std::move(options.context), platform);
    for (const ActionSettings& wanted : settings.actions) {
        auto lane = parts->make_lane(wanted);
        if (!lane) return std::move(lane).error();
        parts->delivery.add(std::move(lane).value());
        parts->actions.emplace(wanted.name, wanted);
    }
    for (auto& [name, action] : options.ready_made_actions) {
        auto lane = Lane::create(name, std::move(action), ActionSettings{}.queue_limit,
                                 platform.action_executor, platform.journal);
        if (!lane) return std::move(lane).error();
        parts->delivery.add(std::move(lane).value());
    }
    auto watches =
        WatchSet::create(settings.watches,
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
    parts_->watches->tell_unmatched();
}

// The actions of a reload, from what is wanted to what is. What is made first can be thrown away.
class Engine::ActionChange {
public:
    explicit ActionChange(Parts& parts) : parts_(parts) {}

    // Everything that can fail. New actions are there from now on, but nothing is delivered to them.
    Result<void> prepare(const std::vector<ActionSettings>& wanted) {
        for (const ActionSettings& action : wanted) {
            wanted_.emplace(action.name, action);
            const auto now = parts_.actions.find(action.name);
            if (now != parts_.actions.end()) {
                if (now->second != action) replace(action);
            } else if (parts_.delivery.bring_back(action.name)) {
                new_.push_back(action.name);
                replace(action);
            } else {
                auto lane = parts_.make_lane(action);
                if (!lane) return std::move(lane).error();
                parts_.delivery.add(std::move(lane).value());
                new_.push_back(action.name);
            }
        }
        return {};
    }
    void undo() {
        for (const std::string& name : new_) parts_.delivery.retire(name);
    }
    // While the old watches still deliver: what they find from now on is for the new action.
    void replace_changed() {
        for (auto& [settings, action] : replacements_)
            parts_.delivery.replace(settings.name, std::move(action), settings.queue_limit);
    }
    // When no watch names it any more.
    void retire_removed() {
        for (const auto& [name, action] : parts_.actions) {
            if (!wanted_.contains(name)) parts_.delivery.retire(name);
        }
        parts_.actions = std::move(wanted_);
    }

private:
    void replace(const ActionSettings& action) {
        replacements_.emplace_back(action, make_action(action, parts_.context, parts_.platform));
    }

    Parts& parts_;
    std::map<std::string, ActionSettings> wanted_;
    std::vector<std::string> new_;
    std::vector<std::pair<ActionSettings, std::unique_ptr<Action>>> replacements_;
};

Result<ReloadReport> Engine::reload(const Settings& settings) {
    auto report = take_over(settings);
    if (report) parts_->watches->wait_until_settled();
    return report;
}

// Actions that come are there before the watches that name them; those that go, go after them.
Result<ReloadReport> Engine::take_over(const Settings& settings) {
    const Parts::Turn turn(*parts_);
    if (!turn)
        return Error{ErrorKind::gone, 0, "changing", "the configuration", "it is being stopped"};
    ActionChange actions(*parts_);
    if (auto prepared = actions.prepare(settings.actions); !prepared) {
        actions.undo();
        return std::move(prepared).error();
    }
    auto reloaded =
        parts_->watches->reload(settings.watches, [&actions] { actions.replace_changed(); });
    if (!reloaded) {
        actions.undo();
        return std::move(reloaded).error();
    }
    actions.retire_removed();
    return ReloadReport{reloaded->kept, reloaded->added, reloaded->removed};
}

void Engine::release_hive(std::u16string_view sid) { parts_->watches->release_hive(sid); }

StopReport Engine::stop(Duration deadline) {
    StopReport report;
    parts_->watches->close();
    parts_->no_more_reloads();
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
    status.queues = parts_->delivery.queues();
    const auto registrations = parts_->watches->registrations();
    status.registrations = registrations.made;
    status.registrations_elsewhere = registrations.elsewhere;
    status.changes = parts_->desk.count();
    status.dropped = parts_->delivery.dropped();
    return status;
}

}  // namespace regwatch
