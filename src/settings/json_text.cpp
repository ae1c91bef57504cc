#include "settings/json_text.h"

#include <algorithm>
#include <charconv>

namespace regwatch {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::size_t or_end(std::string_view text, std::size_t found) noexcept {
    return found == std::string_view::npos ? text.size() : found;
}

std::size_t string_end(std::string_view text, std::size_t from) noexcept {
    std::size_t at = from + 1;
    while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
    return std::min(at + 1, text.size());
}

struct Step {
    std::size_t text = 1;     // bytes in the file
    std::size_t decoded = 1;  // bytes of UTF-8 that come of them
};

// The character or escape at `at`. Half of a surrogate pair has two of the four bytes of the pair.
Step string_step(std::string_view text, std::size_t at) noexcept {
    if (text[at] != '\\') return {};
    if (!text.substr(at + 1).starts_with('u')) return {2, 1};
    unsigned unit = 0;
    const std::string_view digits = text.substr(at + 2, 4);
    (void)std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
    const bool surrogate = unit >= 0xD800 && unit <= 0xDFFF;
    return {6, unit < 0x80 ? 1U : unit < 0x800 || surrogate ? 2U : 3U};
}

std::size_t digits_length(std::string_view text) noexcept {
    return or_end(text, text.find_first_not_of("0123456789"));
}

}  // namespace

std::size_t skip_blank(std::string_view text, std::size_t from) noexcept {
    std::size_t at = from;
    for (;;) {
        at = or_end(text, text.find_first_not_of(kBlanks, at));
        const std::string_view rest = text.substr(at);
        if (rest.starts_with("//")) {
            at = or_end(text, text.find_first_of("\r\n", at));
        } else if (rest.starts_with("/*")) {
            const std::size_t close = text.find("*/", at + 2);
            if (close == std::string_view::npos) return at;
            at = close + 2;
        } else {
            return at;
        }
    }
}

std::size_t skip_to_token(std::string_view text, std::size_t from) noexcept {
    std::size_t at = skip_blank(text, from);
    while (at < text.size() && (text[at] == ',' || text[at] == ':')) at = skip_blank(text, at + 1);
    return at;
}

std::size_t token_end(std::string_view text, std::size_t from) noexcept {
    if (from >= text.size()) return text.size();
    const std::string_view rest = text.substr(from);
    if (rest[0] == '"') return string_end(text, from);
    for (const std::string_view word : {"true", "false", "null"}) {
        if (rest.starts_with(word)) return from + word.size();
    }
    return from + std::max<std::size_t>(1, number_length(rest));
}

std::size_t offset_in_string(std::string_view text, std::size_t from,
                             std::size_t decoded) noexcept {
    std::size_t at = from + 1;
    std::size_t done = 0;
    while (at < text.size() && text[at] != '"') {
        const Step step = string_step(text, at);
        if (done + step.decoded > decoded) break;
        done += step.decoded;
        at += step.text;
    }
    return std::min(at, text.size());
}

std::size_t number_length(std::string_view text) noexcept {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const std::size_t whole = digits_length(text.substr(at));
    if (whole == 0) return 0;
    at += text[at] == '0' ? 1 : whole;
    if (text.substr(at).starts_with('.')) {
        const std::size_t fraction = digits_length(text.substr(at + 1));
        if (fraction != 0) at += 1 + fraction;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        std::size_t exponent = at + 1;
        if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
        const std::size_t digits = digits_length(text.substr(exponent));
        if (digits != 0) at = exponent + digits;
    }
    return at;
}

}  // namespace regwatch
