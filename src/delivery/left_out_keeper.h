// Where the counts of what actions did not get are kept until they are told, so that a kill loses none.
//
// Implemented by the engine on its store. Any thread; outlives the actions.
#pragma once

#include <cstdint>
#include <string>

#include "change/change.h"
#include "platform/store.h"

namespace regwatch {

class LeftOutKeeper {
public:
    // From within the delivery of this change to the action. Counted together with the end of what is
    // owed: with neither or with both.
    virtual void left_out(const std::string& action, const Change& change, LeftOut why) = 0;
    // So many of those that were counted.
    virtual void told(const std::string& action, const std::string& watch, LeftOut why,
                      std::uint64_t count) = 0;

protected:
    ~LeftOutKeeper() = default;
};

}  // namespace regwatch
