// Many changes of one thing in a short time, as the one change that came of them.
//
// A plain value, told the time; guarded by its owner. A change is held back until its object (a
// value, or a key's own existence) has been quiet for a while, or until the longest delay since the
// first of them is over. What comes out then goes from the first state to the last one; where both
// are the same nothing comes out, and is counted. Changes of different kinds of object never merge,
// and what comes out is in the order of the sequence numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "change/change.h"

namespace regwatch {

struct DebounceSettings {
    Duration quiet{};  // zero: changes pass as they come
    Duration longest = std::chrono::seconds(30);
};

class Debounce {
public:
    explicit Debounce(DebounceSettings settings) : settings_(settings) {}

    [[nodiscard]] bool is_on() const noexcept { return settings_.quiet > Duration::zero(); }
    void add(SharedChange change, SteadyTime now);

    struct Settled {
        SharedChange change;               // null: the last state is the first one again
        std::vector<SharedChange> merged;  // what it stands for, the oldest first
    };
    // Those whose time has come, or all of them. Sorted by the number of the last change.
    [[nodiscard]] std::vector<Settled> take_due(SteadyTime now);
    [[nodiscard]] std::vector<Settled> take_all();
    // When the next one is due; nothing when none is held.
    [[nodiscard]] std::optional<SteadyTime> next_due() const;
    [[nodiscard]] std::size_t held() const;  // changes, before merging

private:
    struct Held {
        std::vector<SharedChange> changes;
        SteadyTime first{};
        SteadyTime last{};
    };
    [[nodiscard]] SteadyTime due(const Held& held) const;
    template <class Ready>
    std::vector<Settled> take(Ready ready);

    DebounceSettings settings_;
    std::map<std::u16string, Held> held_;
};

}  // namespace regwatch
