// What a lane is given by whoever keeps deliveries: those still owed, from wherever they are kept.
//
// Implemented by the engine on its store. Any thread; outlives the lanes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "change/change.h"

namespace regwatch {

// Whether a change that is offered can be had again from owed().
enum class Kept { no, yes };

class OwedDeliveries {
public:
    // Of a higher number than `after`, in order, at most `limit`.
    virtual Result<std::vector<SharedChange>> owed(const std::string& action, std::uint64_t after,
                                                   std::size_t limit) = 0;
    // No longer owed: the action has it, or has refused it for good. What is not kept when it is offered
    // may be owed later.
    virtual void delivered(const std::string& action, const Change& change) = 0;
    // Nothing waits for this moment: time to write down what was delivered.
    virtual void caught_up() = 0;

protected:
    ~OwedDeliveries() = default;
};

}  // namespace regwatch
