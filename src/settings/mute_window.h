// A time of the week in which the changes of a watch are not delivered, as the config writes it.
//
// A plain value; any thread. In UTC like all times of RegWatch.
#pragma once

#include <array>
#include <chrono>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace regwatch {

// "22:00-02:30" or "Sat,Sun 08:00-18:00". One that ends before it begins goes on into the next day.
struct MuteWindow {
    std::array<bool, 7> days{};  // on which it begins; Sunday first
    std::chrono::minutes from{};
    std::chrono::minutes to{};

    static Result<MuteWindow> parse(std::string_view text);
    [[nodiscard]] bool covers(WallTime now) const;

    friend bool operator==(const MuteWindow&, const MuteWindow&) = default;
};

}  // namespace regwatch
