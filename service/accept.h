// `baseline accept`: every key of the watches is looked at as the service would, also those that patterns
// find, and what is there is the baseline from then on.
//
// Called by one thread; returns when it is done. The store and the platform outlive it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "platform/platform.h"
#include "platform/store.h"
#include "settings/settings.h"

namespace regwatch {

struct AcceptReport {
    std::size_t keys = 0;
    std::size_t differences = 0;
    // Whose baseline stays as it is, and why; UTF-8.
    std::vector<std::string> left;
};

// Of the watch of that name, or of all; fails when there is none.
Result<std::vector<WatchSettings>> watches_named(const Settings& settings,
                                                 const std::string& watch);

// Whether the key is in the hive of a user who is not logged on, so that nobody knows what is in it.
[[nodiscard]] bool is_in_unloaded_hive(Registry& registry, const KeyPath& key);

Result<AcceptReport> accept_as_found(const Settings& settings, const std::string& watch,
                                     Store& store, Platform& platform);

}  // namespace regwatch
