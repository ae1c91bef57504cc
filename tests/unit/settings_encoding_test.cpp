#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>

#include "settings/loader.h"
#include "text/utf.h"

using namespace regwatch;

namespace {

constexpr std::string_view kGood =
    "{\"actions\":{\"e\":{\"type\":\"eventlog\"}},\r\n"
    "\"watches\":[{\"name\":\"w\",\"keys\":[\"HKLM\\\\SOFTWARE\\\\\u00C4\u65E5\U0001F600\"]}]}";

std::string utf16(std::u16string_view text, bool little, bool mark = true) {
    std::string bytes;
    for (const char16_t unit : mark ? u"\uFEFF" + std::u16string(text) : std::u16string(text)) {
        const char low = static_cast<char>(unit & 0xFF);
        const char high = static_cast<char>(unit >> 8);
        bytes += little ? low : high;
        bytes += little ? high : low;
    }
    return bytes;
}

std::string utf16(std::string_view utf8, bool little, bool mark = true) {
    return utf16(to_utf16(utf8), little, mark);
}

void check_good(std::string_view bytes) {
    const LoadOutcome outcome = load_settings(bytes, "c.json");
    for (const Problem& problem : outcome.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(outcome.settings.has_value());
    REQUIRE(outcome.settings->watches.size() == 1);
    CHECK(outcome.settings->watches[0].keys[0].subkey == u"SOFTWARE\\\u00C4\u65E5\U0001F600");
}

std::string only_problem(std::string_view bytes) {
    const LoadOutcome outcome = load_settings(bytes, "c.json");
    CHECK_FALSE(outcome.settings.has_value());
    REQUIRE(outcome.problems.size() == 1);
    return outcome.problems[0].text();
}

}  // namespace

TEST_CASE("a config may be UTF-8 with or without a byte order mark", "[settings]") {
    check_good(kGood);
    check_good("\xEF\xBB\xBF" + std::string(kGood));
    check_good("\xEF\xBB\xBF\xEF\xBB\xBF" + std::string(kGood));
}

TEST_CASE("a config may be UTF-16 of either byte order with a byte order mark", "[settings]") {
    check_good(utf16(kGood, true));
    check_good(utf16(kGood, false));
}

TEST_CASE("a byte order mark takes no column, and a character is one in every encoding",
          "[settings]") {
    const std::string broken = "{\"\u00C4\": \"\u65E5\u672C\", \"\U0001F600\": x}";
    const std::string expected = "c.json:1:18: this is not JSON: found 'x' instead of a value";
    CHECK(only_problem(broken) == expected);
    CHECK(only_problem("\xEF\xBB\xBF" + broken) == expected);
    CHECK(only_problem(utf16(broken, true)) == expected);
    CHECK(only_problem(utf16(broken, false)) == expected);
}

TEST_CASE("UTF-16 without a byte order mark is refused with the way out", "[settings]") {
    const std::string expected =
        "c.json: the file looks like UTF-16 without a byte order mark; save it as UTF-8 text";
    CHECK(only_problem(utf16(kGood, true, false)) == expected);
    CHECK(only_problem(utf16(kGood, false, false)) == expected);
}

TEST_CASE("UTF-32 is refused by name", "[settings]") {
    using namespace std::string_view_literals;
    CHECK(only_problem("\xFF\xFE\0\0{\0\0\0}\0\0\0"sv) ==
          "c.json: the file is UTF-32; save it as UTF-8 text");
}

TEST_CASE("half a unit and half a pair of UTF-16 are refused", "[settings]") {
    CHECK(only_problem(utf16("{}", true) + "x") ==
          "c.json: the file ends in the middle of a UTF-16 character; save it as UTF-8 text");
    const std::u16string half = {u'{', u'\n', u'"', char16_t{0xD83D}, u'"', u'}'};
    CHECK(only_problem(utf16(half, true)) ==
          "c.json:2:2: the file holds half of a UTF-16 character here; save it as UTF-8 text");
}

TEST_CASE("bytes that are not UTF-8 are refused where they stand, in comments too", "[settings]") {
    const std::string rest = " is not UTF-8 here; save the file as UTF-8 text";
    CHECK(only_problem("{\n  // caf\xE9\n}") == "c.json:2:9: the byte 0xE9" + rest);
    CHECK(only_problem("\xC0\x80") == "c.json:1:1: the byte 0xC0" + rest);
    CHECK(only_problem("\xED\xA0\x80") == "c.json:1:1: the byte 0xED" + rest);
    CHECK(only_problem("\xE0\x9F\xBF") == "c.json:1:1: the byte 0xE0" + rest);
    CHECK(only_problem("\xF0\x8F\xBF\xBF") == "c.json:1:1: the byte 0xF0" + rest);
    CHECK(only_problem("\xF4\x90\x80\x80") == "c.json:1:1: the byte 0xF4" + rest);
    CHECK(only_problem("\u00E4\xE6\x97") == "c.json:1:2: the byte 0xE6" + rest);
}

TEST_CASE("a NUL does not end the file early", "[settings]") {
    const std::string hidden = std::string(kGood) + '\0' + "garbage";
    CHECK(only_problem(hidden) ==
          "c.json:2:57: the file holds a NUL character here; save it as UTF-8 text");
}
