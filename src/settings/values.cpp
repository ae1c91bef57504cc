#include "settings/values.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <span>

namespace regwatch {
namespace {

struct Unit {
    std::string_view name;  // in lower case
    std::string_view shown;
    std::uint64_t factor = 1;
};

constexpr Unit kDurations[] = {
    {"ms", "ms", 1}, {"s", "s", 1000}, {"m", "m", 60'000}, {"h", "h", 3'600'000}, {"d", "d", kDay}};
constexpr std::uint64_t kKilo = 1024;
constexpr std::uint64_t kMega = kKilo * kKilo;
constexpr std::uint64_t kGiga = kKilo * kMega;
constexpr Unit kSizes[] = {
    {"b", "B", 1}, {"kb", "KB", kKilo}, {"mb", "MB", kMega}, {"gb", "GB", kGiga}};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter_or_digit(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const Unit> units) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::optional<std::uint64_t> number = parse_count(text.substr(0, digits));
    const std::string unit = lower_ascii(text.substr(digits));
    for (const Unit& known : units) {
        if (!number || unit != known.name) continue;
        if (*number > std::numeric_limits<std::uint64_t>::max() / known.factor) return {};
        return *number * known.factor;
    }
    return {};
}

std::string text_with_unit(std::uint64_t number, std::span<const Unit> units) {
    const Unit* best = &units.front();
    for (const Unit& unit : units) {
        if (number != 0 && number % unit.factor == 0) best = &unit;
    }
    return std::to_string(number / best->factor) + std::string(best->shown);
}

// Windows takes "nul" and "nul.txt" for a device, in every folder.
bool is_device_name(std::string_view name) {
    const std::string stem = lower_ascii(name.substr(0, name.find('.')));
    if (stem == "con" || stem == "prn" || stem == "aux" || stem == "nul") return true;
    const bool numbered = stem.size() == 4 && stem[3] >= '1' && stem[3] <= '9';
    return numbered && (stem.starts_with("com") || stem.starts_with("lpt"));
}

}  // namespace

std::string lower_ascii(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end) return {};
    return number;
}

std::optional<std::uint64_t> parse_duration(std::string_view text) {
    return parse_with_unit(text, kDurations);
}

std::string duration_text(std::uint64_t milliseconds) {
    // One day is 24h, as people say it; more of them are days.
    const std::span<const Unit> units(kDurations);
    return text_with_unit(milliseconds, milliseconds > kDay ? units : units.first(4));
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    return parse_with_unit(text, kSizes);
}

std::string size_text(std::uint64_t bytes) { return text_with_unit(bytes, kSizes); }

std::string name_complaint(std::string_view name) {
    const auto allowed = [](char c) {
        return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
    };
    if (name.empty()) return "is empty";
    if (name.size() > 64) return "has more than 64 characters";
    if (!std::all_of(name.begin(), name.end(), allowed)) return "holds other characters";
    if (!is_letter_or_digit(name.front()) || !is_letter_or_digit(name.back())) {
        return "begins or ends with a sign";
    }
    if (is_device_name(name)) return "is the name of a device on Windows";
    return {};
}

bool is_technique(std::string_view text) {
    constexpr std::string_view kShape = "T0000.000";
    if (text.size() != 5 && text.size() != kShape.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (kShape[i] == '0' ? !is_digit(text[i]) : text[i] != kShape[i]) return false;
    }
    return true;
}

}  // namespace regwatch
