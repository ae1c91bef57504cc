// From a change to the actions of its watch: who gets what.
//
// Built, changed and stopped by the engine, one call at a time; deliver() and the questions on any
// thread, also meanwhile. For one watch, each action gets the changes in the order in which they were
// delivered here.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/sync.h"
#include "delivery/lane.h"

namespace regwatch {

struct QueueStatus {
    std::string action;
    std::size_t queued = 0;  // changes, with the one that is being delivered
    std::uint64_t dropped = 0;
};

class Delivery {
public:
    // A name may be added once, and again after it was retired and could not be brought back.
    void add(std::unique_ptr<Lane> lane) REGWATCH_EXCLUDES(mutex_);
    // What an earlier run left owed. Before the first deliver(); a lane that is added later is started
    // by itself.
    void start() REGWATCH_EXCLUDES(mutex_);
    // The lane and its queue stay; from the next change on, this is what is done.
    void replace(const std::string& name, std::unique_ptr<Action> action, std::size_t limit)
        REGWATCH_EXCLUDES(mutex_);
    // Gets nothing new. What is queued is still delivered, until stop() at the latest.
    void retire(const std::string& name) REGWATCH_EXCLUDES(mutex_);
    // Whether it was retired and still had something to deliver: then it is as if it had never been.
    [[nodiscard]] bool bring_back(const std::string& name) REGWATCH_EXCLUDES(mutex_);

    // `actions` names lanes that were added; one that was retired meanwhile gets nothing.
    void deliver(const std::vector<std::string>& actions, const SharedChange& change,
                 Kept kept = Kept::no) REGWATCH_EXCLUDES(mutex_);

    // Returns the number of changes that were not delivered and are not kept. Idempotent.
    std::uint64_t stop(Deadline& deadline, Journal& journal) REGWATCH_EXCLUDES(mutex_);

    [[nodiscard]] std::uint64_t dropped() const REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] std::vector<QueueStatus> queues() const REGWATCH_EXCLUDES(mutex_);

private:
    // Shared with those who are just offering a change to it.
    using SharedLane = std::shared_ptr<Lane>;

    [[nodiscard]] SharedLane find(const std::string& name) const REGWATCH_EXCLUDES(mutex_);
    void drop_idle_retired() REGWATCH_EXCLUDES(mutex_);

    mutable Mutex mutex_;
    std::map<std::string, SharedLane> lanes_ REGWATCH_GUARDED_BY(mutex_);
    bool started_ REGWATCH_GUARDED_BY(mutex_) = false;
    std::vector<SharedLane> retired_ REGWATCH_GUARDED_BY(mutex_);
    std::uint64_t dropped_by_retired_ REGWATCH_GUARDED_BY(mutex_) = 0;
};

}  // namespace regwatch
