#include "settings/json_syntax.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "settings/json_text.h"
#include "settings/values.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

using Inside = JsonProgress::Inside;
using Last = JsonProgress::Last;

constexpr std::string_view kTypographicQuotes[] = {"\u201C", "\u201D", "\u201E", "\u2018",
                                                   "\u2019"};

struct Stop {
    std::size_t offset = 0;
    char separator = '\0';  // the last ',' or ':' that was still in its place
};

// The first token that the library did not accept.
Stop find_stop(std::string_view text, const JsonProgress& progress) {
    Stop stop{skip_blank(text, progress.understood)};
    while (stop.offset + 1 < progress.consumed && stop.offset < text.size()) {
        const char c = text[stop.offset];
        if (c != ',' && c != ':') break;
        stop = {skip_blank(text, stop.offset + 1), c};
    }
    return stop;
}

std::string_view expected(const JsonProgress& progress, char separator) {
    if (progress.inside == Inside::nothing) {
        return progress.last == Last::nothing ? "'{'" : "the end of the file";
    }
    const bool object = progress.inside == Inside::object;
    switch (progress.last) {
        case Last::name:
            return separator == ':' ? "a value" : "':'";
        case Last::value:
            if (separator == ',') return object ? "a name in double quotes" : "a value";
            return object ? "',' or '}'" : "',' or ']'";
        default:
            return object ? "a name in double quotes, or '}'" : "a value, or ']'";
    }
}

bool value_may_follow(const JsonProgress& progress, char separator) {
    if (progress.inside == Inside::nothing) return progress.last == Last::nothing;
    if (progress.last == Last::name) return separator == ':';
    if (progress.inside == Inside::object) return false;
    return progress.last == Last::opening || separator == ',';
}

JsonBlame bad_escape(std::string_view text, std::size_t at) {
    std::size_t length = 2;
    if (text.substr(at + 1).starts_with('u')) {
        const std::string_view digits = text.substr(at + 2, 4);
        length += std::min(digits.find_first_not_of("0123456789abcdefABCDEF"), digits.size());
    } else {
        while (at + length < text.size() &&
               (static_cast<unsigned char>(text[at + length]) >> 6) == 2)
            ++length;
    }
    const std::string found(text.substr(at, length));
    return {at,
            "found '" + found +
                "' in a string, which means nothing in JSON; a backslash is written twice, as in "
                "\"HKLM\\\\SOFTWARE\""};
}

// Of the four hexadecimal digits of a \u escape; nothing: they are no such digits.
std::optional<unsigned> code_unit(std::string_view digits) noexcept {
    unsigned unit = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, unit, 16);
    if (digits.size() != 4 || error != std::errc{} || stop != end) return {};
    return unit;
}

// Of the escape \u at `at`: its length, 12 for a pair; 0: it is none, or half of a pair.
std::size_t unicode_escape_length(std::string_view text, std::size_t at) {
    const std::optional<unsigned> unit = code_unit(text.substr(at + 2, 4));
    if (!unit || (*unit >= 0xDC00 && *unit <= 0xDFFF)) return 0;
    if (*unit < 0xD800 || *unit > 0xDFFF) return 6;
    if (!text.substr(at + 6).starts_with("\\u")) return 0;
    const std::optional<unsigned> second = code_unit(text.substr(at + 8, 4));
    return second && *second >= 0xDC00 && *second <= 0xDFFF ? 12 : 0;
}

// What is wrong inside the string that begins at `start`; an empty message: nothing.
JsonBlame blame_string(std::string_view text, std::size_t start) {
    for (std::size_t at = start + 1; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"') return {};
        if (c == '\n' || c == '\r') break;
        if (static_cast<unsigned char>(c) < 0x20) {
            return {at, "found the character " + first_control_character(text.substr(at, 1)) +
                            " in a string; write it as an escape, such as \\t"};
        }
        if (c != '\\') continue;
        if (at + 1 == text.size()) break;
        if (text[at + 1] == 'u') {
            const std::size_t length = unicode_escape_length(text, at);
            if (length == 0) return bad_escape(text, at);
            at += length - 1;
        } else if (std::string_view("\"\\/bfnrt").find(text[at + 1]) == std::string_view::npos) {
            return bad_escape(text, at);
        } else {
            ++at;
        }
    }
    return {start, "the string that begins here has no closing quote on its line"};
}

// A run of characters that somebody meant as one word.
std::string_view word_at(std::string_view text, std::size_t at) {
    const std::size_t end = text.find_first_of(" \t\r\n,:[]{}\"/", at + 1);
    return text.substr(at, end == std::string_view::npos ? end : end - at);
}

std::string hint(std::string_view word, std::string_view rest, const JsonProgress& progress,
                 char separator) {
    const std::string lower = lower_ascii(word);
    if (lower == "true" || lower == "false" || lower == "null") {
        if (lower != word) return "; it is written in lower case, " + lower;
    }
    const bool single_quote = word.starts_with('\'');
    const auto is_start = [&](std::string_view quote) { return word.starts_with(quote); };
    if (single_quote ||
        std::any_of(std::begin(kTypographicQuotes), std::end(kTypographicQuotes), is_start)) {
        return "; strings stand in plain double quotes (\")";
    }
    if (word.starts_with('#') || word.starts_with('/')) return "; comments begin with // or /*";
    const bool closing = word == "}" || word == "]";
    if (closing && separator == ',') return "; remove the comma before it";
    if (word == "," && separator == ',') return "; one comma is too many";
    const bool begins_value =
        rest.starts_with('"') || rest.starts_with('{') || rest.starts_with('[');
    if (begins_value && progress.last == Last::value && separator == '\0' &&
        progress.inside != Inside::nothing) {
        return "; is a comma missing before it?";
    }
    return {};
}

JsonBlame unexpected(std::string_view text, const Stop& stop, const JsonProgress& progress) {
    const std::string_view rest = text.substr(stop.offset);
    if (rest.starts_with("/*")) {
        return {stop.offset, "the comment that begins here is not closed with */"};
    }
    const bool punctuation = std::string_view(",:[]{}").find(rest[0]) != std::string_view::npos;
    const std::string_view word = rest[0] == '"'
                                      ? rest.substr(0, token_end(text, stop.offset) - stop.offset)
                                  : punctuation ? rest.substr(0, 1)
                                                : word_at(text, stop.offset);
    if (number_length(rest) == word.size() && value_may_follow(progress, stop.separator)) {
        return {stop.offset, "the number " + clip(word, 40) + " is too large"};
    }
    const std::string found =
        rest[0] == '"' ? in_quotes(word.substr(1, word.size() - 2)) : "'" + clip(word, 40) + "'";
    return {stop.offset, "found " + found + " instead of " +
                             std::string(expected(progress, stop.separator)) +
                             hint(word, rest, progress, stop.separator)};
}

}  // namespace

JsonBlame blame(std::string_view text, const JsonProgress& progress) {
    const Stop stop = find_stop(text, progress);
    JsonBlame found;
    if (stop.offset >= text.size()) {
        found = {text.size(),
                 "the file ends where " + std::string(expected(progress, stop.separator)) +
                     " is expected",
                 true};
    } else {
        if (text[stop.offset] == '"') found = blame_string(text, stop.offset);
        if (found.message.empty()) found = unexpected(text, stop, progress);
    }
    found.message.insert(0, "this is not JSON: ");
    return found;
}

}  // namespace regwatch
