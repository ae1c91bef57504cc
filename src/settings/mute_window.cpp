#include "settings/mute_window.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

namespace regwatch {
namespace {

using std::chrono::minutes;

constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr minutes kFullDay{24 * 60};

Error refusal(std::string_view text) {
    return {ErrorKind::invalid, 0, "reading the time", std::string(text),
            "a time is written like \"22:00-02:30\" or \"Sat,Sun 08:00-18:00\", in UTC"};
}

std::optional<int> two_digits(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 2 || !is_digit(text[0]) || !is_digit(text[1])) return std::nullopt;
    return (text[0] - '0') * 10 + (text[1] - '0');
}

// "24:00" is the end of the day.
std::optional<minutes> clock_time(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hour = two_digits(text.substr(0, 2));
    const auto minute = two_digits(text.substr(3));
    if (!hour || !minute || *minute > 59) return std::nullopt;
    const minutes time(*hour * 60 + *minute);
    return time <= kFullDay ? std::optional(time) : std::nullopt;
}

bool read_days(std::string_view list, std::array<bool, 7>& days) {
    while (!list.empty()) {
        const auto day = std::find(std::begin(kDays), std::end(kDays), list.substr(0, 3));
        if (day == std::end(kDays)) return false;
        days[static_cast<std::size_t>(day - std::begin(kDays))] = true;
        list.remove_prefix(3);
        if (list.empty()) return true;
        if (list.front() != ',') return false;
        list.remove_prefix(1);
    }
    return false;
}

}  // namespace

Result<MuteWindow> MuteWindow::parse(std::string_view text) {
    MuteWindow window;
    std::string_view times = text;
    if (const std::size_t blank = text.find(' '); blank != std::string_view::npos) {
        if (!read_days(text.substr(0, blank), window.days)) return refusal(text);
        times = text.substr(blank + 1);
    } else {
        window.days.fill(true);
    }
    const auto from = clock_time(times.substr(0, 5));
    if (!from || times.size() != 11 || times[5] != '-') return refusal(text);
    const auto to = clock_time(times.substr(6));
    if (!to || *from == *to || *from == kFullDay) return refusal(text);
    window.from = *from;
    window.to = *to;
    return window;
}

bool MuteWindow::covers(WallTime now) const {
    using std::chrono::days;
    const auto day = std::chrono::floor<days>(now);
    const auto time = std::chrono::floor<minutes>(now - day);
    const unsigned today = std::chrono::weekday(day).c_encoding();
    if (from < to) return this->days[today] && from <= time && time < to;
    const unsigned yesterday = (today + 6) % 7;
    return (this->days[today] && from <= time) || (this->days[yesterday] && time < to);
}

}  // namespace regwatch
