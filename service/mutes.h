// What `regwatch mute` has said, as it is kept in the state folder: written by the command, read by the
// service when it starts and when the command tells it to.
//
// Pure; any thread. Times are text in UTC, in whole seconds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "delivery/mute.h"
#include "settings/settings.h"

namespace regwatch {

inline constexpr const char* kMutesFile = "mutes.json";

[[nodiscard]] std::string mutes_json(const std::vector<Mute>& mutes);
[[nodiscard]] Result<std::vector<Mute>> parse_mutes(std::string_view json);
// In place of what was said of the same watch; what is over is left out, `mute` itself too.
[[nodiscard]] std::vector<Mute> with_mute(std::vector<Mute> mutes, const Mute& mute, WallTime now);
[[nodiscard]] MuteSchedules schedules_of(const Settings& settings);

// "the watch run-keys", "every watch"
[[nodiscard]] std::string muted_name(const std::string& watch);
// "2026-11-02T10:15:30Z"
[[nodiscard]] std::string mute_end_text(WallTime until);

}  // namespace regwatch
