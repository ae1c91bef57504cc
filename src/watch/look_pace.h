// When the next look may begin. A look is followed by three times its own duration without one, a quarter
// of one processor; what short looks owe is let pass for a while. And changes are gathered, where that is
// asked for, from the first signal on, so that somebody who writes all the time cannot put the look off.
//
// A plain value, told the time.
#pragma once

#include <optional>

#include "base/time.h"

namespace regwatch {

class LookPace {
public:
    // How long the next look has to wait; zero ends the gathering. `gathered_for` is zero as long as
    // there is nothing to gather.
    [[nodiscard]] Duration wait(SteadyTime now, Duration gathered_for);
    void looked(SteadyTime begin, SteadyTime end);

private:
    SteadyTime paid_until_{};  // the looks so far are paid for with time without one
    std::optional<SteadyTime> gathering_until_;
};

}  // namespace regwatch
