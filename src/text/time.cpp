#include "text/time.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace regwatch {

std::string to_iso_text(WallTime time) {
    // By hand, because chrono's floor() overflows for the first day that a WallTime can hold.
    constexpr std::int64_t kTicksPerDay = WallTicks(std::chrono::days(1)).count();
    std::int64_t days = time.time_since_epoch().count() / kTicksPerDay;
    std::int64_t ticks = time.time_since_epoch().count() % kTicksPerDay;
    if (ticks < 0) {
        --days;
        ticks += kTicksPerDay;
    }
    const std::chrono::sys_days day{std::chrono::days(days)};
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock{WallTicks(ticks)};
    std::array<char, 48> text{};
    const int length = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%07dZ",
        static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
        static_cast<int>(clock.subseconds().count()));
    return std::string(text.data(), static_cast<std::size_t>(length));
}

}  // namespace regwatch
