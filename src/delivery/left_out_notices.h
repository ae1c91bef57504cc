// The notices that sum up what actions did not get.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "platform/journal.h"
#include "platform/store.h"

namespace regwatch {

[[nodiscard]] Notice muted_notice(const std::string& action, const std::string& watch,
                                  std::uint64_t count, WallTime since);
[[nodiscard]] Notice limited_notice(const std::string& action, const std::string& watch,
                                    std::uint64_t count, Duration during);
// By the limit of all actions together; by watch.
[[nodiscard]] Notice limited_in_all_notice(const std::map<std::string, std::uint64_t>& counts,
                                           Duration during);

// Of an earlier run, which could not tell them any more.
[[nodiscard]] std::vector<Notice> notices_of(const std::vector<LeftOutCount>& counts);

}  // namespace regwatch
