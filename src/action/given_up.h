// What those who put things back leave alone at the moment, because somebody who writes it again and again
// was given in to: for the status.
//
// One for all actions of an engine. Any thread. Told the time.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/sync.h"
#include "base/time.h"

namespace regwatch {

struct GivenUp {
    std::string by;     // the action, or the watch that enforces it
    std::string watch;  // whose changes they are
    std::string what;   // UTF-8, the key, and the value if it is one

    friend bool operator==(const GivenUp&, const GivenUp&) = default;
};

class GivenUpList {
public:
    // Until then, even if it is here already.
    void add(GivenUp one, WallTime now, WallTime until) REGWATCH_EXCLUDES(mutex_);
    void remove(const GivenUp& one) REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] std::vector<GivenUp> at(WallTime now) const REGWATCH_EXCLUDES(mutex_);

private:
    using Name = std::pair<std::string, std::string>;  // by, what
    struct Entry {
        GivenUp one;
        WallTime until{};
    };
    // More are not told of.
    static constexpr std::size_t kMost = 1'000;

    mutable Mutex mutex_;
    std::map<Name, Entry> entries_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch
