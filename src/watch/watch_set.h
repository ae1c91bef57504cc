// All watches of a configuration: each key path becomes a KeyWatch, each pattern a PatternWatch that
// makes KeyWatches as keys come.
//
// Threads: create, start, wait_until_settled and close by the owner; status() by any. The keeper is
// called on pool threads, for one key never twice at the same time, and not after close() returned.
// The settings, the ports and the keeper outlive the set.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/sync.h"
#include "platform/persistent_thread.h"
#include "platform/registry.h"
#include "settings/settings.h"
#include "watch/key_watch.h"
#include "watch/look_keeper.h"
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

    static Result<std::unique_ptr<WatchSet>> create(const std::vector<WatchSettings>& watches,
                                                    const Ports& ports, LookKeeper& keeper,
                                                    Begin begin);
    ~WatchSet();
    WatchSet(const WatchSet&) = delete;
    WatchSet& operator=(const WatchSet&) = delete;

    void start();
    // Until it is known of every key, also of those that patterns found, where it stands. Returns
    // early when close() is called.
    void wait_until_settled() REGWATCH_EXCLUDES(mutex_);
    // Idempotent. Returns when no look is going on and nothing is open.
    void close() noexcept REGWATCH_EXCLUDES(mutex_);

    [[nodiscard]] std::vector<WatchStatus> status() const;
    [[nodiscard]] WaitTable::Registrations registrations() const noexcept {
        return monitors_.registrations();
    }

private:
    WatchSet(const Ports& ports, LookKeeper& keeper);

    // WatchOwner
    [[nodiscard]] Result<std::unique_ptr<WatchNode>> make_node(const WatchSettings& watch,
                                                               KeyPath path, FirstLook first_look,
                                                               Detection detection) override;
    std::optional<StoredBaseline> baseline(const WatchSettings& watch, const KeyPath& key) override;
    void on_look(const WatchSettings& watch, const KeyPath& key, Look& look) override;
    void on_names(const WatchSettings& watch, const KeyPath& pattern, Look& look) override;
    void on_created() override REGWATCH_EXCLUDES(mutex_);
    void on_settled() override REGWATCH_EXCLUDES(mutex_);
    void on_not_created(const WatchSettings& watch, const KeyPath& key,
                        const Error& error) override;

    // Fixed after construction.
    const Ports ports_;
    LookKeeper& keeper_;
    MonitorSet monitors_;

    Mutex mutex_;
    Condition changed_;
    std::size_t unsettled_ REGWATCH_GUARDED_BY(mutex_) = 0;
    bool closing_ REGWATCH_GUARDED_BY(mutex_) = false;

    std::vector<std::unique_ptr<WatchNode>> nodes_;  // fixed after create()
};

}  // namespace regwatch
