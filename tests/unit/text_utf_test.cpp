#include "text/utf.h"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>

using namespace regwatch;

namespace {

std::u16string units(std::initializer_list<int> numbers) {
    std::u16string text;
    for (const int number : numbers) text.push_back(static_cast<char16_t>(number));
    return text;
}

unsigned any_below(std::mt19937& random, unsigned limit) {
    return static_cast<unsigned>(random() % limit);
}

}  // namespace

TEST_CASE("text of every length of UTF-8 goes there and back") {
    const std::u16string text = u"aZ é ß € 漢 \U0001F600 \U0010FFFF";
    CHECK(to_wtf8(text) == "aZ é ß € 漢 \xF0\x9F\x98\x80 \xF4\x8F\xBF\xBF");
    CHECK(to_utf16(to_wtf8(text)) == text);
    CHECK(to_utf8(text) == to_wtf8(text));
}

TEST_CASE("any sequence of units survives WTF-8") {
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        std::u16string text;
        for (unsigned length = any_below(random, 20); length > 0; --length) {
            // Mostly surrogates, in every order, with some others between them.
            const unsigned kind = any_below(random, 3);
            text.push_back(static_cast<char16_t>(kind == 0   ? 0xD800 + any_below(random, 0x400)
                                                 : kind == 1 ? 0xDC00 + any_below(random, 0x400)
                                                             : any_below(random, 0x10000)));
        }
        REQUIRE(to_utf16(to_wtf8(text)) == text);
    }
}

TEST_CASE("a lone surrogate has its three-byte form in WTF-8 and an escape in UTF-8") {
    const std::u16string text = units({'a', 0xD800, 'b', 0xDC01});
    CHECK(to_wtf8(text) ==
          "a\xED\xA0\x80"
          "b\xED\xB0\x81");
    CHECK(to_utf8(text) == "a\\u{d800}b\\u{dc01}");
    CHECK_FALSE(is_well_formed(text));
    CHECK_FALSE(is_well_formed(units({0xDC00, 0xD800})));
    CHECK(is_well_formed(units({0xD83D, 0xDE00})));
    CHECK(is_well_formed(u""));
}

TEST_CASE("to_utf8 changes nothing but lone surrogates") {
    const std::u16string text = units({0, '\n', 0x1B, 0x202E, 0x200B, 0xFFFE});
    CHECK(to_utf8(text) == std::string("\0\n\x1B\xE2\x80\xAE\xE2\x80\x8B\xEF\xBF\xBE", 12));
}

TEST_CASE("ill-formed bytes become one replacement character for each sequence begun") {
    const std::u16string_view r = u"\uFFFD";
    CHECK(to_utf16("\x80") == r);                                        // nothing began it
    CHECK(to_utf16("a\xC3") == u"a\uFFFD");                              // cut off at the end
    CHECK(to_utf16("\xE2\x82z") == u"\uFFFDz");                          // cut off in the middle
    CHECK(to_utf16("\xC0\xAF") == u"\uFFFD\uFFFD");                      // overlong '/'
    CHECK(to_utf16("\xE0\x80\xAF") == u"\uFFFD\uFFFD\uFFFD");            // overlong '/'
    CHECK(to_utf16("\xF4\x90\x80\x80") == u"\uFFFD\uFFFD\uFFFD\uFFFD");  // above U+10FFFF
    CHECK(to_utf16("\xFF") == r);
    CHECK(to_utf16("\xF0\x9F\x98") == r);
}

TEST_CASE("readable text shows what cannot be seen") {
    CHECK(readable(std::u16string_view(u"a\0b", 3)) == "a\\u{0}b");
    CHECK(readable(std::u16string_view(u"\t\r\n\x1b[31m\x7f\x85")) ==
          "\\u{9}\\u{d}\\u{a}\\u{1b}[31m\\u{7f}\\u{85}");
    CHECK(readable(std::u16string_view(u"\u202Eexe.txt\u2069\u200F")) ==
          "\\u{202e}exe.txt\\u{2069}\\u{200f}");
    CHECK(readable(std::u16string_view(u"a\u200Bb\uFEFFc\u00ADd\u2028e\uFE0F")) ==
          "a\\u{200b}b\\u{feff}c\\u{ad}d\\u{2028}e\\u{fe0f}");
    CHECK(readable(std::u16string_view(u"\U000E0041")) == "\\u{e0041}");
    CHECK(readable(units({0xD800})) == "\\u{d800}");
    CHECK(readable(units({0xFFFE, 0xFFFF})) == "\\u{fffe}\\u{ffff}");
}

TEST_CASE("readable text leaves alone what can be seen") {
    const std::string text =
        "C:\\Program Files\\é ß € 漢 \"x\" %1 \\u{41} \xF0\x9F\x98\x80 \xC2\xA0";
    CHECK(readable(text) == text);
    CHECK(readable("a\xFFz") == "a\uFFFDz");
}

TEST_CASE("text that fits is not clipped") {
    CHECK(clip_readable(std::u16string(64, u'x'), 64) == std::u16string(64, u'x'));
    CHECK(clip_readable(u"", 64).empty());
}

TEST_CASE("clipped text says how much is missing and stays within the limit") {
    const std::u16string clipped = clip_readable(std::u16string(100, u'x'), 64);
    CHECK(to_utf8(clipped) == std::string(41, 'x') + "…[truncated 59 of 100]");
    CHECK(clipped.size() <= 64);

    for (std::size_t limit = 64; limit < 80; ++limit) {
        CHECK(clip_readable(std::u16string(limit + 1, u'x'), limit).size() <= limit);
        CHECK(clip_readable(std::u16string(5000, u'\0'), limit).size() <= limit);
    }
}

TEST_CASE("clipping never cuts a surrogate pair or an escape in two") {
    std::u16string faces;
    for (int i = 0; i < 200; ++i) faces += u"\U0001F600";
    for (std::size_t limit = 64; limit < 70; ++limit) {
        CHECK(is_well_formed(clip_readable(faces, limit)));
        const std::string text = to_utf8(clip_readable(std::u16string(300, u'\u202E'), limit));
        const std::size_t marker = text.find("…");
        REQUIRE(marker != std::string::npos);
        CHECK(text[marker - 1] == '}');
        CHECK(marker % std::string("\\u{202e}").size() == 0);
    }
}

TEST_CASE("a percent sign that a viewer would expand is broken up") {
    CHECK(clip_readable(u"100%", 64, Percent::broken) == u"100%");
    CHECK(clip_readable(u"%PATH% %1 %% %!", 64, Percent::broken) ==
          u"%PATH% %\u200B1 %\u200B% %\u200B!");
    CHECK(clip_readable(u"%%%%", 64, Percent::broken) == u"%\u200B%\u200B%\u200B%");
    CHECK(clip_readable(u"%1", 64) == u"%1");
    CHECK(clip_readable(std::u16string(100, u'%'), 64, Percent::broken).size() <= 64);
}
