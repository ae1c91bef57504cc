// The queue in front of one action: bounded, in order, and cut off from all other lanes, so that an
// action that hangs delays nobody else.
//
// Overflow: the newest change is refused and counted, because what is queued was promised first; a
// notice says so at the first refusal and whenever the count has doubled. offer() on any thread;
// the action runs on the executor's threads, for one change at a time. stop() by the owner.
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
#include "platform/journal.h"
#include "platform/strand.h"

namespace regwatch {

class Lane {
public:
    static Result<std::unique_ptr<Lane>> create(std::string name, std::unique_ptr<Action> action,
                                                std::size_t limit, Executor& executor,
                                                Journal& journal);
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    void offer(const SharedChange& change) REGWATCH_EXCLUDES(mutex_);

    // From the next change on, also of those that are queued already. Not after stop().
    void replace(std::unique_ptr<Action> action, std::size_t limit) REGWATCH_EXCLUDES(mutex_);

    // Works the queue off until the deadline, then cancels the action and gives up the rest. When it
    // returns, the action is not running and will not be called again. Returns how many changes were
    // not delivered. Nothing may be offered any more.
    std::uint64_t stop(Deadline& deadline) REGWATCH_EXCLUDES(mutex_);

    [[nodiscard]] std::uint64_t dropped() const REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] std::size_t queued() const REGWATCH_EXCLUDES(mutex_);  // with the one under way
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    Lane(std::string name, std::unique_ptr<Action> action, std::size_t limit, Journal& journal);
    void turn();
    [[nodiscard]] SharedChange take(std::unique_ptr<Action>& replaced) REGWATCH_EXCLUDES(mutex_);
    void deliver(const Change& change);
    [[nodiscard]] std::uint64_t give_up() noexcept REGWATCH_EXCLUDES(mutex_);

    // Fixed after construction.
    const std::string name_;
    Journal& journal_;

    mutable Mutex mutex_;
    std::size_t limit_ REGWATCH_GUARDED_BY(mutex_);  // changes
    std::unique_ptr<Action> replacement_ REGWATCH_GUARDED_BY(mutex_);
    std::deque<SharedChange> queue_ REGWATCH_GUARDED_BY(mutex_);
    bool busy_ REGWATCH_GUARDED_BY(mutex_) = false;
    std::uint64_t dropped_ REGWATCH_GUARDED_BY(mutex_) = 0;
    Deadline* deadline_ REGWATCH_GUARDED_BY(mutex_) = nullptr;  // while stopping

    // Changed on the strand, under the lock, when a change is taken: so not after the queue was given up.
    std::unique_ptr<Action> action_;

    std::unique_ptr<Strand> strand_;  // last: closed before what its turns use
};

}  // namespace regwatch
