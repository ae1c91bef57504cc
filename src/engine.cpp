#include "engine.h"

#include <optional>
#include <set>
#include <utility>

#include "action/enforcer.h"
#include "action/writing_time.h"
#include "base/sync.h"
#include "delivery/deadline.h"
#include "delivery/delivery.h"
#include "delivery/filter.h"
#include "delivery/left_out_keeper.h"
#include "delivery/left_out_notices.h"
#include "delivery/shared_rate_limit.h"
#include "state/recorder.h"
#include "watch/watch_set.h"

namespace regwatch {
namespace {

// Between the three: what looks find is recorded, what is recorded is owed, what is owed is delivered.
class Desk final : public LookKeeper, public OwedDeliveries, public LeftOutKeeper {
public:
    Desk(Delivery& delivery, Enforcer& enforcer) : delivery_(delivery), enforcer_(enforcer) {}

    Result<void> create_recorder(Store* store, NumberMark* mark, Platform& platform,
                                 Recorder::Plan plan) {
        Recorder::Client client;
        client.audience = [](const WatchSettings& watch, const Change& change) {
            return actions_for(watch, change);
        };
        client.deliver = [this](const std::vector<std::string>& actions, const SharedChange& change,
                                bool is_kept) {
            delivery_.deliver(actions, change, is_kept ? Kept::yes : Kept::no);
        };
        client.dropped = [this] { return delivery_.dropped(); };
        client.tell_left_out = [&journal = platform.journal](const auto& counts) {
            for (const Notice& notice : notices_of(counts)) journal.write(notice);
        };
        auto made = Recorder::create({store, platform.look_executor, platform.clock,
                                      platform.journal, platform.accounts, mark},
                                     std::move(plan), std::move(client));
        if (!made) return std::move(made).error();
        recorder_ = std::move(made).value();
        return {};
    }
    [[nodiscard]] Recorder& recorder() { return *recorder_; }
    [[nodiscard]] const Recorder& recorder() const { return *recorder_; }

    Result<std::optional<StoredBaseline>> baseline(const WatchSettings& watch,
                                                   const KeyPath& key) override {
        return recorder_->baseline(watch, key);
    }
    [[nodiscard]] ConcealingKey key() const override { return recorder_->key(); }
    void take(const WatchSettings& watch, const KeyPath& key, Look& look) override {
        take(watch, key, look, true);
        see(watch, key, look);
    }
    void take_names(const WatchSettings& watch, const KeyPath& pattern, Look& look) override {
        take(watch, pattern, look, false);
    }
    // What is expected of it is judged by its own look.
    void take_absent(const WatchSettings& watch, const KeyPath& key, Look& look) override {
        take(watch, key, look, true);
    }
    // Somebody may have undone in between what was written here.
    void found_nothing(const WatchSettings& watch, const KeyPath& key, const Look& look) override {
        recorder_->found_nothing(watch, key, look.now);
        see(watch, key, look);
    }

    Result<std::vector<SharedChange>> owed(const std::string& action, std::uint64_t after,
                                           std::size_t limit) override {
        return recorder_->owed(action, after, limit);
    }
    void delivered(const std::string& action, const Change& change) override {
        recorder_->delivered(action, change);
    }
    void caught_up() override { recorder_->write_delivered(); }

    void left_out(const std::string& action, const Change& change, LeftOut why) override {
        recorder_->left_out(action, change, why);
    }
    void told(const std::string& action, const std::string& watch, LeftOut why,
              std::uint64_t count) override {
        recorder_->told_left_out(action, watch, why, count);
    }

private:
    void take(const WatchSettings& watch, const KeyPath& key, Look& look, bool is_news) {
        FoundState found;
        found.watch = &watch;
        found.key = &key;
        found.now = look.now;
        found.differences = std::move(look.differences);
        found.detection = look.detection;
        found.at = look.at;
        found.previous = look.previous;
        found.control_set = std::move(look.control_set);
        found.is_news = is_news;
        found.is_first = look.is_first;
        found.writes_whole = look.writes_whole;
        found.concealed_with = look.concealed_with;
        recorder_->take(std::move(found));
    }

    void see(const WatchSettings& watch, const KeyPath& key, const Look& look) {
        using Found = Enforcer::Found;
        enforcer_.see(watch, key, look.now.get(),
                      look.left_out == 0 ? Found::all : Found::what_had_room);
    }

    Delivery& delivery_;
    Enforcer& enforcer_;
    std::unique_ptr<Recorder> recorder_;
};

std::set<std::string> names_of(const std::vector<WatchSettings>& watches) {
    std::set<std::string> names;
    for (const WatchSettings& watch : watches) names.insert(watch.name);
    return names;
}

}  // namespace

// From the sink to the source, which is the order in which they are made; they go the other way. The desk
// is between them, but actions tell it at their end what they have left out.
struct Engine::Parts {
    Parts(ActionContext context_in, Platform& platform_in, Store* store,
          std::unique_ptr<WritingTime> writing_in, std::unique_ptr<Enforcer> enforcer_in)
        : platform(platform_in),
          has_store(store != nullptr),
          writing(std::move(writing_in)),
          enforcer(std::move(enforcer_in)),
          desk(delivery, *enforcer),
          context(std::move(context_in)) {
        context.writing = writing.get();
        context.given_up = &given_up;
        if (has_store) context.left_out = &desk;
    }

    Result<void> create_limit(const Settings& settings) {
        auto made = SharedRateLimit::create(
            settings.total_rate_limit,
            {platform.look_executor, platform.clock, platform.journal, context.left_out});
        if (!made) return std::move(made).error();
        limit_in_all = std::move(made).value();
        context.limit_in_all = limit_in_all.get();
        return {};
    }

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
        auto action = make_action(wanted, context, platform);
        if (!action) return std::move(action).error();
        return make_lane(wanted.name, std::move(action).value(), wanted.queue_limit);
    }
    Result<std::unique_ptr<Lane>> make_lane(const std::string& name, std::unique_ptr<Action> action,
                                            std::size_t limit) {
        return Lane::create(name, std::move(action), limit, platform.action_executor,
                            platform.journal, has_store ? &desk : nullptr);
    }

    [[nodiscard]] Recorder::Plan plan_of(const Settings& settings) const {
        Recorder::Plan plan{settings.state, ready_made};
        for (const ActionSettings& action : settings.actions) plan.actions.push_back(action.name);
        return plan;
    }
    // Of keys that nobody has ever seen. Where nothing is kept, that is all of them, and no news.
    [[nodiscard]] FirstLook first_look_of(const Settings& settings) const {
        const bool is_news = has_store && settings.state.on_first_start == Unseen::report;
        return is_news ? FirstLook::report : FirstLook::accept;
    }

    Platform& platform;
    const bool has_store;
    const std::unique_ptr<WritingTime> writing;
    GivenUpList given_up;
    const std::unique_ptr<Enforcer> enforcer;
    Desk desk;
    std::unique_ptr<SharedRateLimit> limit_in_all;
    ActionContext context;  // fixed once the limit is made
    Delivery delivery;
    std::vector<std::string> ready_made;            // names
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
    auto writing = std::make_unique<WritingTime>();
    auto enforcer = Enforcer::create({platform.registry_writer, platform.action_executor,
                                      platform.clock, platform.journal, writing.get()});
    if (!enforcer) return std::move(enforcer).error();
    auto parts = std::make_unique<Parts>(std::move(options.context), platform, options.store,
                                         std::move(writing), std::move(enforcer).value());
    for (const auto& [name, action] : options.ready_made_actions) parts->ready_made.push_back(name);
    if (auto made = parts->desk.create_recorder(options.store, options.mark, platform,
                                                parts->plan_of(settings));
        !made)
        return std::move(made).error();
    if (auto made = parts->create_limit(settings); !made) return std::move(made).error();
    parts->desk.recorder().set_watches(names_of(settings.watches));
    for (const ActionSettings& wanted : settings.actions) {
        auto lane = parts->make_lane(wanted);
        if (!lane) return std::move(lane).error();
        parts->delivery.add(std::move(lane).value());
        parts->actions.emplace(wanted.name, wanted);
    }
    for (auto& [name, action] : options.ready_made_actions) {
        auto lane = parts->make_lane(name, std::move(action), ActionSettings{}.queue_limit);
        if (!lane) return std::move(lane).error();
        parts->delivery.add(std::move(lane).value());
    }
    auto watches =
        WatchSet::create(settings,
                         {platform.registry, platform.persistent_thread, platform.look_executor,
                          platform.clock, platform.journal},
                         parts->desk, {parts->first_look_of(settings), Detection::startup});
    if (!watches) return std::move(watches).error();
    parts->watches = std::move(watches).value();
    return std::unique_ptr<Engine>(new Engine(std::move(parts)));
}

void Engine::start() {
    parts_->desk.recorder().open();
    parts_->delivery.start();
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
                if (now->second == action) continue;
                if (auto made = replace(action); !made) return made;
            } else if (parts_.delivery.bring_back(action.name)) {
                new_.push_back(action.name);
                if (auto made = replace(action); !made) return made;
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
    Result<void> replace(const ActionSettings& wanted) {
        auto action = make_action(wanted, parts_.context, parts_.platform);
        if (!action) return std::move(action).error();
        replacements_.emplace_back(wanted, std::move(action).value());
        return {};
    }

    Parts& parts_;
    std::map<std::string, ActionSettings> wanted_;
    std::vector<std::string> new_;
    std::vector<std::pair<ActionSettings, std::unique_ptr<Action>>> replacements_;
};

Result<ReloadReport> Engine::reload(const Settings& settings) {
    auto report = take_over(settings);
    if (report) {
        parts_->watches->wait_until_settled();
        parts_->watches->tell_unmatched();
    }
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
    auto reloaded = parts_->watches->reload(
        settings, parts_->first_look_of(settings), [&actions, &settings, this] {
            actions.replace_changed();
            parts_->desk.recorder().set_watches(names_of(settings.watches));
        });
    if (!reloaded) {
        actions.undo();
        return std::move(reloaded).error();
    }
    actions.retire_removed();
    parts_->enforcer->keep_only(settings.watches);
    parts_->limit_in_all->set(settings.total_rate_limit);
    parts_->desk.recorder().set_plan(parts_->plan_of(settings));
    return ReloadReport{reloaded->kept, reloaded->added, reloaded->removed};
}

void Engine::release_hive(std::u16string_view sid) { parts_->watches->release_hive(sid); }

StopReport Engine::stop(Duration deadline) {
    StopReport report;
    parts_->writing->close();
    parts_->watches->close();
    parts_->no_more_reloads();
    parts_->enforcer->close();
    // On the threads of the looks, which have ended: actions may hang on all of their own.
    auto end = deadline > Duration::zero()
                   ? Deadline::create(parts_->platform.look_executor, deadline)
                   : Result(Deadline::passed_already());
    if (!end) end = Deadline::passed_already();
    report.undelivered = parts_->delivery.stop(**end, parts_->platform.journal);
    parts_->limit_in_all->close();
    parts_->desk.recorder().close();
    report.changes = parts_->desk.recorder().counts().changes;
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
    status.counts = parts_->desk.recorder().counts();
    status.store = parts_->desk.recorder().state();
    status.dropped = parts_->delivery.dropped();
    status.given_up = parts_->given_up.at(parts_->platform.clock.wall_now());
    for (GivenUp& one : parts_->enforcer->given_up()) status.given_up.push_back(std::move(one));
    return status;
}

}  // namespace regwatch
