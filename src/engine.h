// The whole machine of one configuration: built from settings and a platform, sink first.
//
// Owned by a host (service/), which calls from its own thread: start() once, then status() from any
// thread at any time, reload() from any, then stop(). stop() may also come from another thread while
// start() or reload() runs; all of them return. Destroying a running engine stops it without grace.
// The platform outlives the engine.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "action/given_up.h"
#include "base/result.h"
#include "base/time.h"
#include "delivery/delivery.h"
#include "platform/number_mark.h"
#include "platform/platform.h"
#include "platform/store.h"
#include "settings/settings.h"
#include "state/recorder.h"
#include "watch/watch_set.h"
#include "watch/watch_state.h"

namespace regwatch {

struct EngineOptions {
    ActionContext context;
    // Outlives the engine; of one engine at a time. Without one nothing outlives the engine.
    Store* store = nullptr;
    // Outlives the engine; beside the store. Without one a change that the store cannot take has no
    // number until it can.
    NumberMark* mark = nullptr;
    // Actions that need no configuration, by name; a watch may refer to them like to any other.
    std::map<std::string, std::unique_ptr<Action>> ready_made_actions;
};

struct EngineStatus {
    std::vector<WatchStatus> watches;  // one per key that is watched or waited for
    std::vector<QueueStatus> queues;   // one per action
    RecordCounts counts;
    std::uint64_t dropped = 0;      // not delivered because a queue was full
    std::vector<GivenUp> given_up;  // that nobody puts back or right at the moment
    StoreState store = StoreState::ready;
    std::uint64_t registrations = 0;            // asked of the system since the start
    std::uint64_t registrations_elsewhere = 0;  // refused because of the wrong thread; always 0
};

// Key paths of watches; a pattern is one.
struct ReloadReport {
    std::size_t kept = 0;
    std::size_t added = 0;
    std::size_t removed = 0;
};

struct StopReport {
    std::uint64_t changes = 0;
    std::uint64_t undelivered = 0;
    bool in_time = true;
};

class Engine {
public:
    // Makes the actions and the watches, but opens no key. Fails for want of memory or of threads.
    static Result<std::unique_ptr<Engine>> create(const Settings& settings, EngineOptions options,
                                                  Platform& platform);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Returns when every key is watched, waited for, or being retried, with its baseline read; or
    // when stop() was called. A key that cannot be watched is retried and shows in status().
    void start();

    // Goes over to other settings while the work goes on. Keys that are watched as before keep their
    // registration and what is known of them, and nothing of theirs is lost; actions of the same
    // settings are not touched; others of the same name take over the queue of their predecessor; what
    // is queued for an action that is gone is still delivered to it. Returns when every new key is
    // known to be watched, waited for or being retried, or when stop() was called. Fails without
    // having changed anything, for want of memory or because it is being stopped.
    Result<ReloadReport> reload(const Settings& settings);

    // The hive of this user ("S-1-5-21-…"; empty: of every user) is about to be unloaded. Returns when
    // nothing of it is open; it is watched again when it is loaded again, or after half a minute if it
    // stays, and what changed in between is reported then. Any thread, also while it is stopped.
    void release_hive(std::u16string_view sid);

    // Nothing is put back or right any more from the moment it is called; what is still to be stays owed.
    // Then source to sink: no more looks, then the queues are worked off until the deadline, then running
    // actions are cancelled. After it returned, nothing is delivered. Idempotent.
    StopReport stop(Duration deadline);

    [[nodiscard]] EngineStatus status() const;

private:
    struct Parts;
    class ActionChange;
    explicit Engine(std::unique_ptr<Parts> parts);
    Result<ReloadReport> take_over(const Settings& settings);
    std::unique_ptr<Parts> parts_;
};

}  // namespace regwatch
