// The life of one watched key: there or not yet there, gone and back again.
//
//   state      the key                          what wakes it
//   starting   nobody has looked yet            the first look
//   watching   is open, registered and read     its signal · a change of names in its parent
//   waiting    does not exist                   names in the nearest existing ancestor, and above it
//   retrying   cannot be watched, or does not   a timer, with growing delay
//              exist and what is above it
//              cannot be watched
//   closed     -                                nothing
//
// Every wake-up only means "look": look() finds out afresh where the key stands, so that a signal too
// many costs an empty difference and nothing else. A missing key is a state, is never created, and is
// looked for again after its ancestor was registered, so that a creation in between is not missed. A
// live key keeps a names-watch on its parent, because Wine (and Windows before 8) does not signal the
// deletion of the watched key itself. While that is refused it is asked for again with growing delay,
// and each time it is asked whether the key is still there.
//
// A key in a user's hive is not deleted when the hive is unloaded: it is away. Nothing is reported
// then, and when the hive is back the key is compared with what it was. Before the hive is unloaded
// release_hive() closes all that is open in it, which would be in the way, and holds off until the
// hive is gone, or for a while if it stays.
//
// A subtree that is large is watched in parts (TreeParts), so that a signal says where to look. Looks
// are paced by their own cost: after one that took long the next waits three times as long, and what
// happens meanwhile is found by that one.
//
// A look that ends with an exception is one that failed: nothing of it is relied on.
//
// Threads: looks run on the strand, one at a time; status() on any thread; start() and close() by the
// owner, close() not from within its client's callbacks. The client outlives it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/sync.h"
#include "base/time.h"
#include "change/change.h"
#include "platform/clock.h"
#include "platform/executor.h"
#include "platform/journal.h"
#include "platform/store.h"
#include "platform/strand.h"
#include "registry/concealed.h"
#include "registry/key_path.h"
#include "registry/snapshot.h"
#include "watch/key_watch_plan.h"
#include "watch/last_seen.h"
#include "watch/look_pace.h"
#include "watch/monitor_slot.h"
#include "watch/quota.h"
#include "watch/snapshot_reader.h"
#include "watch/tree_parts.h"
#include "watch/unread_keys.h"
#include "watch/watch_state.h"

namespace regwatch {

class KeyWatch {
public:
    // On the strand.
    class Client {
    public:
        // Once, before the first look: what an earlier run knew of the key. Nothing: it did not.
        virtual std::optional<StoredBaseline> baseline(const KeyWatchPlan&) { return std::nullopt; }
        // Before each look: what redacted data is concealed with.
        [[nodiscard]] virtual ConcealingKey key() { return ConcealingKey::of_this_process(); }
        virtual void on_look(const KeyWatchPlan& plan, Look& look) = 0;
        // Once, when it is first known where the key stands: watching, waiting or retrying.
        virtual void on_settled() = 0;

    protected:
        ~Client() = default;
    };

    struct Ports {
        MonitorSet& monitors;
        Executor& executor;
        Clock& clock;
        Journal& journal;
    };

    static Result<std::unique_ptr<KeyWatch>> create(KeyWatchPlan plan, const Ports& ports,
                                                    Client& client);
    ~KeyWatch();
    KeyWatch(const KeyWatch&) = delete;
    KeyWatch& operator=(const KeyWatch&) = delete;

    void start() noexcept;
    // Of a key in a user's hive. Any thread but the strand. When it returns nothing of the hive is open.
    void release_hive() noexcept REGWATCH_EXCLUDES(mutex_);
    void close() noexcept;  // idempotent; afterwards nothing is open and the client is not called

    [[nodiscard]] const KeyWatchPlan& plan() const noexcept { return plan_; }
    [[nodiscard]] KeyStatus status() const REGWATCH_EXCLUDES(mutex_);

private:
    // Done: nothing more to do until the next wake-up. Again: something moved under our feet.
    enum class Step { done, again };

    KeyWatch(KeyWatchPlan plan, const Ports& ports, Client& client);
    [[nodiscard]] static std::optional<KeyPath> hive_of(const KeyPath& key);

    // On the strand only.
    void turn() REGWATCH_EXCLUDES(mutex_);
    void wake_up();
    void recover(const std::exception_ptr& escaped) REGWATCH_EXCLUDES(mutex_);
    void turn_now();
    void looked() noexcept;
    [[nodiscard]] bool must_wait();
    [[nodiscard]] Step look();
    [[nodiscard]] Step lost_key();
    [[nodiscard]] Step follow();
    [[nodiscard]] Step find_key();
    [[nodiscard]] bool is_shared(RegistryKey& key) const;
    void let_go();
    void end_release() noexcept REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool holds_off();
    [[nodiscard]] bool hive_is_listed();
    // Of a key that was not found.
    enum class Absence { missing, hive_is_away, over };
    [[nodiscard]] Absence why_absent();
    [[nodiscard]] Step wait_for_key();
    [[nodiscard]] Result<Subscription> nearest_ancestor(std::optional<Error>& refused);
    [[nodiscard]] static bool is_watched(const MonitorSlot& slot,
                                         const std::optional<KeyPath>& path);
    void watch_names(MonitorSlot& slot, const std::optional<KeyPath>& path);
    [[nodiscard]] bool keep_parent();
    void retry_parent_later(const Error& error);
    [[nodiscard]] Step read_key();
    [[nodiscard]] Result<SharedSnapshot> read_now();
    void tell_unread() REGWATCH_EXCLUDES(mutex_);
    void keep_within_quota(Look& look) REGWATCH_EXCLUDES(mutex_);
    TreeParts::Keys publish(SharedSnapshot now);
    void begin_from_baseline();
    void follow_concealing_key();
    void retry_later(const Error& error) REGWATCH_EXCLUDES(mutex_);
    void settle(WatchState state, EventId notice) REGWATCH_EXCLUDES(mutex_);
    void tell_settled();
    void set_timer();

    // Fixed after construction.
    const KeyWatchPlan plan_;
    const Ports ports_;
    Client& client_;

    const std::optional<KeyPath> hive_;  // the user's hive that the key is in

    std::atomic<bool> timer_fired_ = false;
    std::atomic<bool> release_asked_ = false;

    mutable Mutex mutex_;
    Condition released_;
    bool releasing_ REGWATCH_GUARDED_BY(mutex_) = false;
    KeyStatus status_ REGWATCH_GUARDED_BY(mutex_);
    std::size_t left_out_ REGWATCH_GUARDED_BY(mutex_) = 0;  // entries, for want of room
    std::size_t unread_count_ REGWATCH_GUARDED_BY(mutex_) = 0;

    // Strand only.
    WatchState state_ = WatchState::starting;
    bool settled_ = false;  // its client was told
    bool verify_ = false;   // ask whether the path still leads to the open key
    bool read_ = false;     // read the key again
    Trust trust_ = Trust::times;
    LastSeen last_{plan_};
    bool held_off_ = false;  // the hive was let go and is still there
    SteadyTime held_off_until_{};
    std::optional<ErrorKind> told_error_;
    Duration retry_delay_{};
    SteadyTime next_sweep_ = SteadyTime::max();
    Duration parent_delay_{};               // as retry_delay_, for the watch on the parent
    std::optional<SteadyTime> parent_due_;  // then it is asked for again
    bool told_parent_ = false;
    int rounds_ = 0;  // since it was last known where the key stands
    Detection detection_ = Detection::notify;
    LookPace look_pace_;
    MonitorSlot target_{strand_};
    MonitorSlot ancestor_{strand_};  // names: the parent while watching, else the nearest there is
    MonitorSlot above_{strand_};     // names: the ancestor's parent, while waiting
    TreeParts parts_;
    UnreadKeys unread_{plan_};
    QuotaShare share_;

    std::unique_ptr<Strand> strand_;
    std::unique_ptr<Timer> timer_;  // these two poke the strand, so they go first
    std::unique_ptr<Timer> pace_;
};

}  // namespace regwatch
