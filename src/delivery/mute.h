// Times in which a watch's changes are not delivered: told by a command, for a while, or by the
// config, every day or on some days of the week.
//
// Plain values, told the time; guarded by their owner. Wall time, because people mean the clock on
// the wall; the schedule is in UTC like all times of RegWatch. What was muted is counted and summed
// up when it is over.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "settings/mute_window.h"

namespace regwatch {

struct Mute {
    std::string watch;  // empty: all of them
    WallTime until{};

    friend bool operator==(const Mute&, const Mute&) = default;
};

using MuteSchedules = std::map<std::string, std::vector<MuteWindow>>;  // by watch

class Mutes {
public:
    // Replaces what commands have said before. Those that are over are dropped.
    void set(std::vector<Mute> mutes) { mutes_ = std::move(mutes); }
    void set_schedules(MuteSchedules schedules) { schedules_ = std::move(schedules); }

    // Whether this change of the watch is muted now. One that is, is counted.
    [[nodiscard]] bool swallows(const std::string& watch, WallTime now);

    struct Summary {
        std::string watch;
        std::uint64_t left_out = 0;
        WallTime since{};
    };
    // Of watches that were muted and are not any more.
    [[nodiscard]] std::vector<Summary> take_summaries(WallTime now);
    [[nodiscard]] std::vector<Summary> take_rest();
    [[nodiscard]] bool has_counted() const noexcept { return !counted_.empty(); }

private:
    [[nodiscard]] bool is_muted(const std::string& watch, WallTime now) const;

    std::vector<Mute> mutes_;
    MuteSchedules schedules_;
    std::map<std::string, Summary> counted_;
};

}  // namespace regwatch
