#include "service/history_text.h"

#include <algorithm>
#include <charconv>

#include "change/data_text.h"
#include "text/time.h"
#include "text/utf.h"

namespace regwatch {
namespace {

std::string field(std::string text) {
    constexpr std::string_view kFormula = "=+-@";
    if (!text.empty() && kFormula.find(text.front()) != std::string_view::npos) text.insert(0, "'");
    if (text.find_first_of(",\"\r\n'") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + "\"";
}

std::string data_field(const std::optional<ChangeData>& data) {
    return data ? readable(to_text(*data)) : std::string();
}

std::string type_field(const std::optional<ChangeData>& data) {
    return data ? name_of(data->type) : std::string();
}

std::optional<Duration> unit_of(char letter) {
    switch (letter) {
        case 's':
            return std::chrono::seconds(1);
        case 'm':
            return std::chrono::minutes(1);
        case 'h':
            return std::chrono::hours(1);
        case 'd':
            return std::chrono::hours(24);
        default:
            return std::nullopt;
    }
}

std::optional<WallTime> parse_age(std::string_view text, WallTime now) {
    const auto unit = text.empty() ? std::nullopt : unit_of(text.back());
    if (!unit) return std::nullopt;
    text.remove_suffix(1);
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    constexpr std::int64_t kMost = 100'000;
    if (error != std::errc() || end != text.data() + text.size() || count < 0 || count > kMost)
        return std::nullopt;
    return now - std::chrono::duration_cast<WallTicks>(*unit * count);
}

// Up to so many digits, off the text.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t most) {
    unsigned number = 0;
    const char* const end = text.data() + std::min(most, text.size());
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    return number;
}

// One or two digits after this character; otherwise nothing is taken off.
std::optional<unsigned> take_after(std::string_view& text, char before) {
    if (!text.starts_with(before)) return std::nullopt;
    std::string_view rest = text.substr(1);
    const auto number = take_digits(rest, 2);
    if (number) text = rest;
    return number;
}

}  // namespace

std::string history_line(const Change& change, Colour colour) {
    // To the second: the whole of it is in the JSON.
    const std::string time = to_iso_text(change.detected_at).substr(0, 19) + "Z";
    std::string line = std::to_string(change.sequence) + "  " + time + "  " + change.watch + "  ";
    if (change.detection != Detection::notify) {
        line += std::string("(") + name_of(change.detection) + ")  ";
    }
    return line + to_line(change, colour);
}

std::string csv_head() {
    return "sequence,id,time,not_before,detection,watch,kind,key,view,value,old_type,old_data,"
           "new_type,new_data\r\n";
}

std::string csv_line(const Change& change) {
    const std::string not_before =
        change.not_before == WallTime{} ? std::string() : to_iso_text(change.not_before);
    std::string line = std::to_string(change.sequence);
    for (const std::string& text :
         {change.id, to_iso_text(change.detected_at), not_before,
          std::string(name_of(change.detection)), change.watch,
          kind_names().at(static_cast<std::size_t>(change.kind)), readable(change.key.text()),
          std::string(change.key.view == View::bits64 ? "64" : "32"), readable(change.value_name),
          type_field(change.before), data_field(change.before), type_field(change.after),
          data_field(change.after)}) {
        line += "," + field(text);
    }
    return line + "\r\n";
}

std::optional<WallTime> parse_moment(std::string_view text, WallTime now) {
    if (const auto age = parse_age(text, now)) return age;
    constexpr std::size_t kDate = 10;  // 2026-11-02
    std::string_view rest = text;
    const auto year = take_digits(rest, 4);
    const auto month = take_after(rest, '-');
    const auto day = take_after(rest, '-');
    if (!year || !month || !day || text.size() - rest.size() != kDate) return std::nullopt;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    if (!rest.empty()) {
        const auto hours = take_after(rest, rest.front() == 'T' ? 'T' : ' ');
        const auto minutes = take_after(rest, ':');
        if (!hours || !minutes) return std::nullopt;
        hour = *hours;
        minute = *minutes;
        second = take_after(rest, ':').value_or(0);
        if (!rest.empty() && rest != "Z") return std::nullopt;
        if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
    }
    const std::chrono::year_month_day when{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(*month), std::chrono::day(*day)};
    if (!when.ok()) return std::nullopt;
    return WallTime(std::chrono::sys_days(when)) + std::chrono::hours(hour) +
           std::chrono::minutes(minute) + std::chrono::seconds(second);
}

const std::vector<std::string>& kind_names() {
    static const std::vector<std::string> kNames = {"value_set",   "value_deleted",
                                                    "key_created", "key_deleted",
                                                    "key_renamed", "security_changed"};
    return kNames;
}

std::optional<DifferenceKind> parse_kind(std::string_view text) {
    for (std::size_t i = 0; i < kind_names().size(); ++i) {
        if (kind_names()[i] == text) return static_cast<DifferenceKind>(i);
    }
    return std::nullopt;
}

}  // namespace regwatch
