#include "settings/wording.h"

#include <algorithm>

#include "text/utf.h"

namespace regwatch {
namespace {

constexpr std::size_t kMaxQuoted = 80;

std::string_view common_name(unsigned char control) noexcept {
    switch (control) {
        case '\t':
            return " (a tab)";
        case '\n':
            return " (a line end)";
        case '\r':
            return " (a carriage return)";
        case '\b':
            return " (a backspace)";
        case '\f':
            return " (a form feed)";
        default:
            return "";
    }
}

}  // namespace

std::string clip(std::string_view utf8, std::size_t limit) {
    if (utf8.size() <= limit) return std::string(utf8);
    std::size_t end = limit;
    while (end > 0 && (static_cast<unsigned char>(utf8[end]) >> 6) == 2) --end;
    return std::string(utf8.substr(0, end)) + "\u2026";
}

std::string in_quotes(std::string_view utf8) {
    return '"' + readable(std::string_view(clip(utf8, kMaxQuoted))) + '"';
}

std::string listed(const std::vector<std::string>& items, std::string_view last_word) {
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i != 0 && i + 1 == items.size()) {
            out += ' ';
            out += last_word;
            out += ' ';
        } else if (i != 0) {
            out += ", ";
        }
        out += items[i];
    }
    return out;
}

std::string did_you_mean(std::string_view nearest) {
    return nearest.empty() ? "" : " (did you mean " + in_quotes(nearest) + "?)";
}

std::size_t control_character_at(std::string_view utf8) {
    const auto is_control = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    };
    const auto found = std::find_if(utf8.begin(), utf8.end(), is_control);
    if (found == utf8.end()) return std::string_view::npos;
    return static_cast<std::size_t>(found - utf8.begin());
}

std::string first_control_character(std::string_view utf8) {
    const std::size_t at = control_character_at(utf8);
    if (at == std::string_view::npos) return {};
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(utf8[at]);
    std::string out = "U+00";
    out += kDigits[byte / 16];
    out += kDigits[byte % 16];
    out += common_name(byte);
    return out;
}

}  // namespace regwatch
