// From a change to the actions of its watch: who gets what.
//
// Built and stopped by the engine; deliver() on any thread. For one watch, each action gets the
// changes in the order in which they were delivered here.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "delivery/lane.h"

namespace regwatch {

class Delivery {
public:
    // A name may be added once.
    void add(std::unique_ptr<Lane> lane);
    // What an earlier run left owed. Before the first deliver().
    void start();
    // `actions` names lanes that were added.
    void deliver(const std::vector<std::string>& actions, const SharedChange& change, Kept kept);

    // Returns the number of changes that were not delivered and are not kept. Idempotent.
    std::uint64_t stop(Deadline& deadline, Journal& journal);
    [[nodiscard]] std::uint64_t dropped() const;

private:
    std::map<std::string, std::unique_ptr<Lane>> lanes_;  // fixed once changes come
};

}  // namespace regwatch
