// Whether what a watch reports can come to one of its actions at all.
//
// Pure; any thread.
#pragma once

#include <string>

#include "settings/settings.h"

namespace regwatch {

// Why none of its actions would ever get a change; empty: one may, or it has none.
[[nodiscard]] std::string why_it_reaches_nobody(const WatchSettings& watch);

// The same for two watches that report the same changes in the same way, whatever they are called, and
// in whichever order and case they say so.
[[nodiscard]] WatchSettings without_wording(const WatchSettings& watch);

}  // namespace regwatch
