#include "delivery/mute.h"

#include <algorithm>
#include <utility>

namespace regwatch {

namespace {

using std::chrono::minutes;

constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr minutes kDay{24 * 60};

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
    return time <= kDay ? std::optional(time) : std::nullopt;
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
    if (const std::size_t blank = text.find(' '); blank != text.npos) {
        if (!read_days(text.substr(0, blank), window.days)) return refusal(text);
        times = text.substr(blank + 1);
    } else {
        window.days.fill(true);
    }
    const auto from = clock_time(times.substr(0, 5));
    if (!from || times.size() != 11 || times[5] != '-') return refusal(text);
    const auto to = clock_time(times.substr(6));
    if (!to || *from == *to || *from == kDay) return refusal(text);
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

void Mutes::set_schedule(const std::string& watch, std::vector<MuteWindow> windows) {
    schedules_[watch] = std::move(windows);
}

bool Mutes::is_muted(const std::string& watch, WallTime now) const {
    const bool told = std::any_of(mutes_.begin(), mutes_.end(), [&](const Mute& mute) {
        return now < mute.until && (mute.watch.empty() || mute.watch == watch);
    });
    if (told) return true;
    const auto schedule = schedules_.find(watch);
    return schedule != schedules_.end() &&
           std::any_of(schedule->second.begin(), schedule->second.end(),
                       [&](const MuteWindow& window) { return window.covers(now); });
}

bool Mutes::swallows(const std::string& watch, WallTime now) {
    if (mutes_.empty() && schedules_.empty()) return false;
    if (!is_muted(watch, now)) return false;
    Summary& summary = counted_.try_emplace(watch, Summary{watch, 0, now}).first->second;
    ++summary.left_out;
    return true;
}

std::vector<Mutes::Summary> Mutes::take_summaries(WallTime now) {
    std::vector<Summary> summaries;
    for (auto counted = counted_.begin(); counted != counted_.end();) {
        if (is_muted(counted->first, now)) {
            ++counted;
            continue;
        }
        summaries.push_back(std::move(counted->second));
        counted = counted_.erase(counted);
    }
    return summaries;
}

std::vector<Mutes::Summary> Mutes::take_rest() {
    std::vector<Summary> summaries;
    for (auto& [watch, summary] : std::exchange(counted_, {})) summaries.push_back(summary);
    return summaries;
}

}  // namespace regwatch
