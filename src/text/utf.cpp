#include "text/utf.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace regwatch {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool is_high(char32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
bool is_low(char32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }
bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

// One character, or one lone surrogate, from the front of what is left.
char32_t take(std::u16string_view& rest) {
    const char32_t first = rest.front();
    rest.remove_prefix(1);
    if (!is_high(first) || rest.empty() || !is_low(rest.front())) return first;
    const char32_t second = rest.front();
    rest.remove_prefix(1);
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
}

void append_utf16(std::u16string& out, char32_t c) {
    if (c < 0x10000) {
        out.push_back(static_cast<char16_t>(c));
    } else {
        out.push_back(static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10)));
        out.push_back(static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF)));
    }
}

void append_utf8(std::string& out, char32_t c) {
    const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6));
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3F));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

template <class Text>
void append_escape(Text& out, char32_t c) {
    using Unit = typename Text::value_type;
    int shift = 0;
    while (shift < 20 && (c >> (shift + 4)) != 0) shift += 4;
    for (const char unit : {'\\', 'u', '{'}) out.push_back(static_cast<Unit>(unit));
    for (; shift >= 0; shift -= 4) {
        out.push_back(static_cast<Unit>("0123456789abcdef"[(c >> shift) & 0xF]));
    }
    out.push_back(static_cast<Unit>('}'));
}

struct CharacterRange {
    char32_t first;
    char32_t last;
};

// What leaves no mark of its own: controls, line and paragraph separators, format characters (bidi
// controls, zero-width ones, byte order mark), everything that Unicode allows a font to ignore, and
// code points that are not characters. Unicode's Cc, Zl, Zp, Cf, Default_Ignorable_Code_Point.
constexpr CharacterRange kUnseen[] = {
    {0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},   {0x034F, 0x034F},
    {0x0600, 0x0605},   {0x061C, 0x061C},   {0x06DD, 0x06DD},   {0x070F, 0x070F},
    {0x0890, 0x0891},   {0x08E2, 0x08E2},   {0x115F, 0x1160},   {0x17B4, 0x17B5},
    {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},
    {0x3164, 0x3164},   {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD},
    {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

bool can_be_seen(char32_t c) {
    if (c >= 0x20 && c < 0x7F) return true;
    if (is_surrogate(c) || (c & 0xFFFE) == 0xFFFE) return false;
    const CharacterRange* range = std::upper_bound(
        std::begin(kUnseen), std::end(kUnseen), c,
        [](char32_t wanted, const CharacterRange& candidate) { return wanted < candidate.first; });
    return range == std::begin(kUnseen) || c > std::prev(range)->last;
}

// What the first byte of a sequence says about the rest of it.
struct Lead {
    int more;           // bytes that follow
    char32_t bits;      // of the character, in the first byte
    std::uint8_t low;   // the second byte's range: keeps out overlong forms and what is above
    std::uint8_t high;  // U+10FFFF; surrogates are let in, because WTF-8 has them
};

Lead lead_of(std::uint8_t byte) {
    if (byte >= 0xC2 && byte <= 0xDF) return {1, byte & 0x1FU, 0x80, 0xBF};
    if (byte == 0xE0) return {2, 0, 0xA0, 0xBF};
    if (byte >= 0xE1 && byte <= 0xEF) return {2, byte & 0x0FU, 0x80, 0xBF};
    if (byte == 0xF0) return {3, 0, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3) return {3, byte & 0x07U, 0x80, 0xBF};
    if (byte == 0xF4) return {3, 4, 0x80, 0x8F};
    return {0, kReplacement, 0, 0};
}

char32_t take(std::string_view& rest) {
    const auto first = static_cast<std::uint8_t>(rest.front());
    rest.remove_prefix(1);
    if (first < 0x80) return first;
    const Lead lead = lead_of(first);
    char32_t c = lead.bits;
    for (int i = 0; i < lead.more; ++i) {
        if (rest.empty()) return kReplacement;
        const auto next = static_cast<std::uint8_t>(rest.front());
        const std::uint8_t low = i == 0 ? lead.low : std::uint8_t{0x80};
        const std::uint8_t high = i == 0 ? lead.high : std::uint8_t{0xBF};
        if (next < low || next > high) return kReplacement;
        rest.remove_prefix(1);
        c = (c << 6) | (next & 0x3FU);
    }
    return c;
}

std::u16string truncation_marker(std::size_t left_out, std::size_t total,
                                 const std::string& sha256) {
    return to_utf16("…[truncated " + std::to_string(left_out) + " of " + std::to_string(total) +
                    (sha256.empty() ? "" : ", sha256 " + sha256) + "]");
}

bool is_expandable_after_percent(char16_t unit) {
    return (unit >= u'0' && unit <= u'9') || unit == u'%' || unit == u'!';
}

}  // namespace

std::string to_wtf8(std::u16string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) append_utf8(out, take(text));
    return out;
}

std::u16string to_utf16(std::string_view utf8) {
    std::u16string out;
    out.reserve(utf8.size());
    while (!utf8.empty()) append_utf16(out, take(utf8));
    return out;
}

bool is_well_formed(std::u16string_view text) noexcept {
    while (!text.empty()) {
        if (is_surrogate(take(text))) return false;
    }
    return true;
}

std::string to_utf8(std::u16string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const char32_t c = take(text);
        is_surrogate(c) ? append_escape(out, c) : append_utf8(out, c);
    }
    return out;
}

std::string readable(std::u16string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const char32_t c = take(text);
        can_be_seen(c) ? append_utf8(out, c) : append_escape(out, c);
    }
    return out;
}

std::string readable(std::string_view utf8) { return readable(to_utf16(utf8)); }

std::u16string clip_readable(std::u16string_view text, std::size_t limit, Percent percent,
                             const std::function<std::string()>& sha256_of_whole) {
    constexpr std::size_t kDigits = 64;
    // The longest marker there can be, so that what fits is known before it is counted.
    const std::string any_hash(sha256_of_whole ? kDigits : 0, '0');
    const std::size_t marker_room = truncation_marker(text.size(), text.size(), any_hash).size();
    const std::size_t room = limit > marker_room ? limit - marker_room : 0;

    std::u16string out;
    std::size_t cut = 0;                 // how much of `out` stays if the text is too long
    std::size_t left_out = text.size();  // and how much of the text is then missing
    for (std::u16string_view rest = text; !rest.empty();) {
        const char32_t c = take(rest);
        can_be_seen(c) ? append_utf16(out, c) : append_escape(out, c);
        if (percent == Percent::broken && c == U'%' && !rest.empty() &&
            is_expandable_after_percent(rest.front())) {
            out.push_back(u'\u200B');
        }
        if (out.size() <= room) {
            cut = out.size();
            left_out = rest.size();
        }
        if (out.size() > limit) {
            out.resize(cut);
            return out + truncation_marker(left_out, text.size(),
                                           sha256_of_whole ? sha256_of_whole() : std::string());
        }
    }
    return out;
}

}  // namespace regwatch
