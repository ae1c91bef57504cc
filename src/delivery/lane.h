// The queue in front of one action: bounded, in order, and cut off from all other lanes, so that an
// action that hangs delays nobody else.
//
// What is kept (in the state database) is owed until the action has it: the lane holds the next few in
// memory, leaves the rest where they are, and reads on from there, so that its memory is bounded
// whatever waits. What is not kept is bounded by the queue alone, in number and in bytes, and waits for
// what is owed from before it, unless that cannot be read. Overflow of that: the newest
// change is refused and counted, because what is queued was promised first; a notice says so at
// the first refusal and whenever the count has doubled; should it be kept after all, it is read like the
// rest. An action that throws has failed. One that puts a change off, because the service stops, gets no
// more: what is queued and what comes is left, as at the end of stop(). offer() on any thread, in the
// order of the numbers; the action runs on the executor's threads, for one change at a time. start() and
// stop() by the owner.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/sync.h"
#include "change/change.h"
#include "delivery/action.h"
#include "delivery/deadline.h"
#include "delivery/owed_deliveries.h"
#include "platform/journal.h"
#include "platform/strand.h"

namespace regwatch {

// What is left at the end.
struct Undelivered {
    std::uint64_t lost = 0;  // not kept anywhere
    bool owed = false;       // something is kept, and will be delivered after the next start
};

class Lane {
public:
    // Without `owed` nothing is kept.
    static Result<std::unique_ptr<Lane>> create(std::string name, std::unique_ptr<Action> action,
                                                std::size_t limit, Executor& executor,
                                                Journal& journal, OwedDeliveries* owed = nullptr);
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    // Begins with what an earlier run left owed. Before the first offer.
    void start() REGWATCH_EXCLUDES(mutex_);
    void offer(const SharedChange& change, Kept kept = Kept::no) REGWATCH_EXCLUDES(mutex_);

    // From the next change on, also of those that are queued already. Not after stop().
    void replace(std::unique_ptr<Action> action, std::size_t limit) REGWATCH_EXCLUDES(mutex_);

    // Works the queue off until the deadline, then cancels the action and gives up the rest. Nothing may be
    // offered any more. close() follows, and the deadline outlives that.
    Undelivered drain(Deadline& deadline) REGWATCH_EXCLUDES(mutex_);
    // When it returns, the action is not running and will not be called again. Takes for ever where an action
    // hangs that cannot be cancelled.
    void close() noexcept REGWATCH_EXCLUDES(mutex_);
    // Both.
    Undelivered stop(Deadline& deadline) REGWATCH_EXCLUDES(mutex_);

    [[nodiscard]] std::uint64_t dropped() const REGWATCH_EXCLUDES(mutex_);
    // In memory, with the one under way; one more when others are owed.
    [[nodiscard]] std::size_t queued() const REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    struct Item {
        SharedChange change;
        Kept kept = Kept::no;
    };

    Lane(std::string name, std::unique_ptr<Action> action, std::size_t limit, Journal& journal,
         OwedDeliveries* owed);
    void turn();
    [[nodiscard]] Item take(std::unique_ptr<Action>& replaced) REGWATCH_EXCLUDES(mutex_);
    void read_on() REGWATCH_EXCLUDES(mutex_);
    void queue_owed(std::vector<SharedChange> more) REGWATCH_REQUIRES(mutex_);
    void queue_first_held() REGWATCH_REQUIRES(mutex_);
    void put(Item item) REGWATCH_REQUIRES(mutex_);
    [[nodiscard]] bool has_room_for(const Change& change) const REGWATCH_REQUIRES(mutex_);
    void deliver(const Item& item) REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] std::optional<ActionFailure> act(const Change& change);
    void give_up() noexcept REGWATCH_EXCLUDES(mutex_);
    void leave(Kept kept) noexcept REGWATCH_REQUIRES(mutex_);

    // Fixed after construction.
    const std::string name_;
    Journal& journal_;
    OwedDeliveries* const owed_;

    mutable Mutex mutex_;
    std::size_t limit_ REGWATCH_GUARDED_BY(mutex_);  // changes that are not kept
    std::unique_ptr<Action> replacement_ REGWATCH_GUARDED_BY(mutex_);
    std::deque<Item> queue_ REGWATCH_GUARDED_BY(mutex_);
    std::deque<SharedChange> held_ REGWATCH_GUARDED_BY(mutex_);  // not kept; while behind
    std::size_t bytes_ REGWATCH_GUARDED_BY(mutex_) = 0;          // of both
    bool busy_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool busy_is_kept_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool ending_ REGWATCH_GUARDED_BY(mutex_) = false;  // nothing is taken any more
    Undelivered left_ REGWATCH_GUARDED_BY(mutex_);     // once it is ending
    // More is owed than what is in the queue: to be read when the queue is empty.
    bool behind_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool is_readable_ REGWATCH_GUARDED_BY(mutex_) = true;        // what is owed, as far as is known
    std::uint64_t left_behind_ REGWATCH_GUARDED_BY(mutex_) = 0;  // offers, counted
    std::uint64_t last_queued_ REGWATCH_GUARDED_BY(mutex_) =
        0;  // nothing is owed up to this number
    std::uint64_t dropped_ REGWATCH_GUARDED_BY(mutex_) = 0;
    Deadline* deadline_ REGWATCH_GUARDED_BY(mutex_) = nullptr;  // while stopping

    // Changed on the strand, under the lock, when a change is taken: so not after the queue was given up.
    std::unique_ptr<Action> action_;

    std::unique_ptr<Strand> strand_;
    std::unique_ptr<Timer> timer_;  // last, as it pokes the strand; it goes before what it uses
};

}  // namespace regwatch
