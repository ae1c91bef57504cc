#include "text/fold.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <string>

using namespace regwatch;

TEST_CASE("letters of many scripts fold to their capitals") {
    CHECK(fold(u"abcxyz AZ 019_\\") == u"ABCXYZ AZ 019_\\");
    CHECK(fold(u"àéîöþÿ") == u"ÀÉÎÖÞ\u0178");
    CHECK(fold(u"āăłőšž") == u"ĀĂŁŐŠŽ");
    CHECK(fold(u"αβγσωάώ") == u"ΑΒΓΣΩΆΏ");
    CHECK(fold(u"абвяѐёџґ") == u"АБВЯЀЁЏҐ");
    CHECK(fold(u"աֆ") == u"ԱՖ");
    CHECK(fold(u"ạỹ") == u"ẠỸ");
    CHECK(fold(u"ⅰⅿⓐⓩａｚ") == u"ⅠⅯⒶⓏＡＺ");
    CHECK(fold(u"ǆǉǌǳ") == u"ǄǇǊǱ");
}

TEST_CASE("letters that share a capital with another one are left alone") {
    // dotless i, long s, micro, final sigma, title-case digraphs, Greek symbols, sharp s
    const std::u16string text = u"\u0131\u017F\u00B5\u03C2\u01C5\u03D0\u03F0\u1E9B\u1FBE\u00DF";
    CHECK(fold(text) == text);
    CHECK_FALSE(equal_folded(u"\u0131", u"I"));
    CHECK_FALSE(equal_folded(u"\u017F", u"S"));
    CHECK_FALSE(equal_folded(u"\u03C2", u"\u03A3"));
}

TEST_CASE("capitals, signs and the division sign among the letters are left alone") {
    const std::u16string text = u"ÀÖ×÷ØÞ\u0178Σ [`{|}~ \u00F7 漢";
    CHECK(fold(text) == text);
}

TEST_CASE("surrogates are left alone, with letters beyond the basic plane in them") {
    CHECK(fold(u"\U00010428") == u"\U00010428");  // Deseret small letter
    CHECK(fold(char16_t{0xD800}) == char16_t{0xD800});
}

TEST_CASE("the whole table is the one that Windows writes on a volume") {
    // FNV-1a of the 65,536 units in little-endian order, of the table $UpCase that Windows 7 and
    // later write when they format an NTFS volume.
    std::uint64_t hash = 0xcbf29ce484222325;
    for (std::uint32_t unit = 0; unit < 0x10000; ++unit) {
        const char16_t folded = fold(static_cast<char16_t>(unit));
        for (const unsigned byte : {folded & 0xFFU, static_cast<unsigned>(folded) >> 8}) {
            hash = (hash ^ byte) * 0x100000001b3;
        }
    }
    CHECK(hash == 0x48ed4531e9399927);
}

TEST_CASE("folding twice is folding once") {
    for (std::uint32_t unit = 0; unit < 0x10000; ++unit) {
        const char16_t once = fold(static_cast<char16_t>(unit));
        if (fold(once) != once) FAIL("unit " << unit);
    }
    SUCCEED();
}

TEST_CASE("names are equal without regard to case and to nothing else") {
    CHECK(equal_folded(u"Software\\ÄÖ", u"SOFTWARE\\äö"));
    CHECK_FALSE(equal_folded(u"a", u"ab"));
    CHECK_FALSE(equal_folded(u"a", u"b"));
    CHECK(equal_folded(u"", u""));
}

TEST_CASE("a pattern matches without regard to case") {
    CHECK(matches_glob(u"S-1-5-21-*", u"s-1-5-21-1-2-3-1001"));
    CHECK(matches_glob(u"ControlSet???", u"CONTROLSET001"));
    CHECK_FALSE(matches_glob(u"ControlSet???", u"ControlSet1"));
    CHECK(matches_glob(u"*", u""));
    CHECK(matches_glob(u"", u""));
    CHECK_FALSE(matches_glob(u"", u"x"));
    CHECK_FALSE(matches_glob(u"?", u""));
    CHECK(matches_glob(u"*_classes", u"S-1_Classes"));
    CHECK(matches_glob(u"a*b*c", u"AxxBxxBxxC"));
    CHECK_FALSE(matches_glob(u"a*b*c", u"axxcxxb"));
    CHECK(matches_glob(u"**a**", u"bab"));
    CHECK_FALSE(matches_glob(u"a", u"ab"));
}

TEST_CASE("a pattern made to be slow ends soon") {
    std::u16string pattern;
    for (int i = 0; i < 100; ++i) pattern += u"*a";
    CHECK_FALSE(matches_glob(pattern + u"b", std::u16string(5000, u'a')));
}
