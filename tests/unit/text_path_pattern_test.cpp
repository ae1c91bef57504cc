// Patterns over the names of a path.
#include "text/path_pattern.h"

#include <catch2/catch_test_macros.hpp>

namespace regwatch::test {
namespace {

bool matches(const char16_t* pattern, const char16_t* path) {
    return PathPattern(pattern).matches(path);
}

TEST_CASE("a star stands for text within one name only, in any case") {
    CHECK(matches(u"Run*", u"RUNONCE"));
    CHECK(matches(u"a\\?\\c", u"A\\B\\C"));
    CHECK_FALSE(matches(u"a*", u"a\\b"));
    CHECK_FALSE(matches(u"a\\?", u"a\\bc"));
    CHECK_FALSE(matches(u"a", u""));
    CHECK(matches(u"", u""));
}

TEST_CASE("two stars stand for any number of names, none included") {
    CHECK(matches(u"**\\Run", u"Run"));
    CHECK(matches(u"**\\Run", u"a\\b\\run"));
    CHECK(matches(u"a\\**\\z", u"a\\z"));
    CHECK(matches(u"a\\**\\b\\**\\z", u"a\\1\\b\\b\\2\\z"));
    CHECK(matches(u"**", u""));
    CHECK_FALSE(matches(u"a\\**\\z", u"a\\z\\y"));
}

TEST_CASE("a pattern knows what is above it and what may come below") {
    const PathPattern pattern(u"a\\**\\z");
    const auto way = pattern.fit(u"A\\b");
    CHECK_FALSE(way.whole);
    CHECK_FALSE(way.above);
    CHECK(way.below);
    const auto found = pattern.fit(u"a\\b\\z");
    CHECK(found.whole);
    CHECK(found.above);
    CHECK(found.below);  // a\b\z\z
    const auto under = pattern.fit(u"a\\z\\y");
    CHECK_FALSE(under.whole);
    CHECK(under.above);
    CHECK_FALSE(pattern.fit(u"b").below);
    CHECK_FALSE(PathPattern(u"a\\b").fit(u"a\\b").below);
}

TEST_CASE("a pattern has at most 63 parts, and the worst of them is quick") {
    std::u16string pattern = u"**";
    for (int i = 0; i < 31; ++i) pattern += u"\\a\\**";
    CHECK_FALSE(PathPattern::is_too_long(pattern));
    CHECK(PathPattern::is_too_long(pattern + u"\\b"));
    std::u16string path = u"a";
    for (int i = 0; i < 511; ++i) path += u"\\a";
    CHECK(PathPattern(pattern).matches(path));
    CHECK(PathPattern(pattern).fit(path + u"\\b").whole);
}

}  // namespace
}  // namespace regwatch::test
