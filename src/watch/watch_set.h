// All watches of a configuration: each key path becomes a KeyWatch, each pattern a PatternWatch that
// makes KeyWatches as keys come. reload() makes it the watches of another configuration.
//
// Threads: create by the owner; start, reload, wait_until_settled and close by any, also at the same
// time: start and reload come one after another, and close() waits for the one that is going on,
// which ends early. status() by any. The keeper is called on pool threads, for one key never twice at
// the same time, and not after close() returned. The ports and the keeper outlive the set.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/sync.h"
#include "platform/persistent_thread.h"
#include "platform/registry.h"
#include "settings/settings.h"
#include "watch/key_rivals.h"
#include "watch/key_watch.h"
#include "watch/look_keeper.h"
#include "watch/quota.h"
#include "watch/watch_node.h"

namespace regwatch {

class WatchSet final : private WatchOwner {
public:
    struct Ports {
        Registry& registry;
        PersistentThread& thread;
        Executor& executor;
        Clock& clock;
        Journal& journal;
    };
    // What is done with a key that no earlier run has seen, and what a difference from what one has
    // seen is called.
    struct Begin {
        FirstLook first_look = FirstLook::accept;
        Detection detection = Detection::startup;
    };

    // Key paths of the config, patterns counted as one.
    struct Reloaded {
        std::size_t kept = 0;
        std::size_t added = 0;
        std::size_t removed = 0;
    };

    static Result<std::unique_ptr<WatchSet>> create(const Settings& settings, const Ports& ports,
                                                    LookKeeper& keeper, Begin begin);
    ~WatchSet();
    WatchSet(const WatchSet&) = delete;
    WatchSet& operator=(const WatchSet&) = delete;

    void start() REGWATCH_EXCLUDES(mutex_);
    // A key path that is watched as before, in a watch of the same name, goes on undisturbed, and what
    // is done with its changes is that of the new settings from now on. The others are closed, new
    // ones are started, in this order. `before_change` is called when nothing can fail any more and
    // nothing has changed yet. Fails, and changes nothing, for want of memory, or when it is closed.
    Result<Reloaded> reload(const Settings& settings, FirstLook first_look,
                            const std::function<void()>& before_change) REGWATCH_EXCLUDES(mutex_);
    // Until it is known of every key, also of those that patterns found, where it stands. Returns
    // early when close() is called.
    void wait_until_settled() REGWATCH_EXCLUDES(mutex_);
    // Before the hive of this user is unloaded; empty: of every user. Returns when nothing of it is open.
    // Watching it goes on when it is loaded again, or after a while if it stays.
    void release_hive(std::u16string_view sid) REGWATCH_EXCLUDES(mutex_);
    // Says of each pattern that fits no key that it does not, once.
    void tell_unmatched() REGWATCH_EXCLUDES(mutex_);
    // Idempotent. Returns when no look is going on and nothing is open.
    void close() noexcept REGWATCH_EXCLUDES(mutex_);

    [[nodiscard]] std::vector<WatchStatus> status() const REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] WaitTable::Registrations registrations() const noexcept {
        return monitors_.registrations();
    }

private:
    using SharedSettings = std::shared_ptr<const WatchSettings>;

    // One key path of one watch. Shared, because status() may read one that is being let go.
    struct Entry {
        Entry(std::u16string id_in, SharedSettings made_for_in, Rivals rivals_in,
              std::unique_ptr<WatchNode> node_in)
            : id(std::move(id_in)),
              made_for(std::move(made_for_in)),
              rivals(std::move(rivals_in)),
              node(std::move(node_in)) {}
        const std::u16string id;        // equal for equal key paths of equally named watches
        const SharedSettings made_for;  // what the node knows; it refers to them
        const Rivals rivals;            // of a pattern
        const std::unique_ptr<WatchNode> node;
        std::atomic<bool> is_told_unmatched = false;
    };
    using Entries = std::vector<std::shared_ptr<Entry>>;
    struct Plan {
        Entries all;
        Entries added;
        Entries removed;
        std::map<const WatchSettings*, SharedSettings> now;
    };

    WatchSet(const Ports& ports, LookKeeper& keeper, const KeepLimits& limits);
    [[nodiscard]] Result<Plan> plan(const std::vector<WatchSettings>& watches, Begin begin)
        REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] Result<std::unique_ptr<WatchNode>> make_entry_node(const WatchSettings& watch,
                                                                     const KeyPath& key,
                                                                     const Rivals& rivals,
                                                                     Begin begin)
        REGWATCH_EXCLUDES(mutex_);
    void carry_out(Plan plan) REGWATCH_EXCLUDES(mutex_);
    void set_limits(const Settings& settings) REGWATCH_EXCLUDES(mutex_);
    // The right to change the entries, until it is destroyed. False when the set is being closed.
    class Turn {
    public:
        explicit Turn(WatchSet& set);
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        explicit operator bool() const noexcept { return mine_; }

    private:
        WatchSet& set_;
        bool mine_ = false;
    };
    // What the settings that a node knows are now. Held while somebody works with them.
    [[nodiscard]] SharedSettings now(const WatchSettings& known) const REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool is_closing() const REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] Entries entries() const REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] WatchNode* node_at(std::size_t index) const noexcept REGWATCH_EXCLUDES(mutex_);

    // WatchOwner
    [[nodiscard]] Result<std::unique_ptr<WatchNode>> make_node(
        const WatchSettings& watch, FoundPath found, FirstLook first_look, Detection detection,
        std::shared_ptr<PatternBudget> budget) override REGWATCH_EXCLUDES(mutex_);
    Result<KnownBefore> baseline(const WatchSettings& watch, const KeyPath& key) override
        REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] ConcealingKey key() const override { return keeper_.key(); }
    [[nodiscard]] std::shared_ptr<Quota> quota(const WatchSettings& watch) override
        REGWATCH_EXCLUDES(mutex_);
    void on_look(const WatchSettings& watch, const KeyPath& key, Look& look) override
        REGWATCH_EXCLUDES(mutex_);
    void on_names(const WatchSettings& watch, const KeyPath& pattern, Look& look) override
        REGWATCH_EXCLUDES(mutex_);
    void on_newcomer(const WatchSettings& watch, const FoundPath& found) override
        REGWATCH_EXCLUDES(mutex_);
    void on_created() override REGWATCH_EXCLUDES(mutex_);
    void on_settled() override REGWATCH_EXCLUDES(mutex_);
    void on_not_created(const WatchSettings& watch, const KeyPath& key,
                        const Error& error) override;
    void on_pattern_full(const WatchSettings& watch, const PatternBudget& budget,
                         const KeyPath& first_left_out) override;

    [[nodiscard]] std::u16string control_set() REGWATCH_EXCLUDES(mutex_);
    // Where CurrentControlSet leads to.
    [[nodiscard]] KeyPath resolved(KeyPath path) REGWATCH_EXCLUDES(mutex_);

    // Fixed after construction.
    const Ports ports_;
    LookKeeper& keeper_;
    MonitorSet monitors_;
    const std::shared_ptr<Quota> quota_of_all_;

    mutable Mutex mutex_;
    Condition changed_;
    std::size_t unsettled_ REGWATCH_GUARDED_BY(mutex_) = 0;
    bool changing_ REGWATCH_GUARDED_BY(mutex_) = false;  // start() or reload() is going on
    bool closing_ REGWATCH_GUARDED_BY(mutex_) = false;
    // What the settings that a node knows have become. Those of its watch, under another address.
    std::map<const WatchSettings*, SharedSettings> now_ REGWATCH_GUARDED_BY(mutex_);
    Entries entries_ REGWATCH_GUARDED_BY(mutex_);
    std::map<std::string, std::shared_ptr<Quota>> quotas_ REGWATCH_GUARDED_BY(mutex_);  // by watch
    std::optional<std::u16string> control_set_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch
