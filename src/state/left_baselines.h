// The baselines of watches that the configuration does not have any more: renamed, switched off, removed.
//
// A watch that has seen nothing of a key yet goes on from what such a one has seen of it last, so that
// another name absorbs nothing. What nobody has seen for long goes. Any thread; the store outlives it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/sync.h"
#include "platform/store.h"

namespace regwatch {

class LeftBaselines {
public:
    explicit LeftBaselines(Store& store) : store_(store) {}

    // Finds those that none of these watches has.
    Result<void> find(const std::set<std::string>& watches) REGWATCH_EXCLUDES(mutex_);
    // Nothing: nobody has seen the key.
    Result<std::optional<StoredBaseline>> baseline(const KeyPath& key) REGWATCH_EXCLUDES(mutex_);
    // Those that were seen before that for the last time.
    Result<void> forget(WallTime oldest) REGWATCH_EXCLUDES(mutex_);

private:
    Store& store_;
    mutable Mutex mutex_;
    std::vector<BaselineName> all_ REGWATCH_GUARDED_BY(mutex_);
    std::map<std::u16string, std::string> latest_
        REGWATCH_GUARDED_BY(mutex_);  // watch by folded key
};

}  // namespace regwatch
