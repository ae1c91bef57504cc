#include "change/line.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "support/samples.h"
#include "text/utf.h"

using namespace regwatch;
using namespace regwatch::test;

TEST_CASE("a line shows the key, the name, the type, the old data and the new") {
    CHECK(to_line(value_change(sz(u"old"), sz(u"new"))) ==
          R"(HKLM\SOFTWARE\Example\Run  Updater  REG_SZ "old" -> "new")");
    CHECK(to_line(value_change(dword(0), dword(3389))) ==
          R"(HKLM\SOFTWARE\Example\Run  Updater  REG_DWORD 0 (0x00000000) -> 3389 (0x00000d3d))");
    CHECK(to_line(value_change(multi_sz({u"a", u"b"}), multi_sz({}))) ==
          R"(HKLM\SOFTWARE\Example\Run  Updater  REG_MULTI_SZ "a", "b" -> (empty))");
}

TEST_CASE("a line names a key of the 32-bit view as 64-bit programs do") {
    Change change = value_change(sz(u"old"), sz(u"new"));
    change.key.view = View::bits32;
    CHECK(to_line(change) ==
          R"(HKLM\SOFTWARE\WOW6432Node\Example\Run  Updater  REG_SZ "old" -> "new")");
}

TEST_CASE("a new value and a deleted one have nothing on one side") {
    CHECK(to_line(value_change(std::nullopt, sz(u""))) ==
          R"(HKLM\SOFTWARE\Example\Run  Updater  REG_SZ (none) -> "")");
    CHECK(to_line(value_change(binary({0xDE, 0xAD}), std::nullopt)) ==
          R"(HKLM\SOFTWARE\Example\Run  Updater  REG_BINARY de ad -> (none))");
}

TEST_CASE("a type that changes is shown on both sides") {
    CHECK(to_line(value_change(sz(u"1"), dword(1))) ==
          R"(HKLM\SOFTWARE\Example\Run  Updater  REG_SZ "1" -> REG_DWORD 1 (0x00000001))");
}

TEST_CASE("keys are created and deleted in words") {
    CHECK(to_line(key_change(DifferenceKind::key_created)) ==
          R"(HKLM\SOFTWARE\Example\Run  key created)");
    CHECK(to_line(key_change(DifferenceKind::key_deleted)) ==
          R"(HKLM\SOFTWARE\Example\Run  key deleted)");
}

TEST_CASE("a renaming and new permissions show both sides") {
    CHECK(to_line(renamed_key(u"Walk")) == R"(HKLM\SOFTWARE\Example\Run  key renamed -> Walk)");
    CHECK(to_line(security_change("O:BA", "O:SY")) ==
          R"(HKLM\SOFTWARE\Example\Run  security O:BA -> O:SY)");
}

TEST_CASE("the default value has a name to be read") {
    Change change = value_change(std::nullopt, dword(1));
    change.value_name.clear();
    CHECK(to_line(change) ==
          R"(HKLM\SOFTWARE\Example\Run  (Default)  REG_DWORD (none) -> 1 (0x00000001))");
}

TEST_CASE("old data is red and new data is green when colours are asked for") {
    CHECK(to_line(value_change(sz(u"old"), sz(u"new")), Colour::always) ==
          "HKLM\\SOFTWARE\\Example\\Run  Updater  REG_SZ "
          "\x1b[31m\"old\"\x1b[0m -> \x1b[32m\"new\"\x1b[0m");
    CHECK(to_line(key_change(DifferenceKind::key_deleted), Colour::always) ==
          "HKLM\\SOFTWARE\\Example\\Run  \x1b[31mkey deleted\x1b[0m");
    CHECK(to_line(key_change(DifferenceKind::key_created), Colour::always) ==
          "HKLM\\SOFTWARE\\Example\\Run  \x1b[32mkey created\x1b[0m");
}

TEST_CASE("names and data cannot drive a terminal") {
    Change change = value_change(sz(u"\x1b]0;title\a"), sz(u"\u202Eabc\r\nx"));
    change.value_name = u"\x1b[2J";
    change.key.subkey =
        u"a\x9B"
        u"b\u2028";
    const std::string line = to_line(change);
    CHECK(line ==
          "HKLM\\a\\u{9b}b\\u{2028}  \\u{1b}[2J  REG_SZ "
          "\"\\u{1b}]0;title\\u{7}\" -> \"\\u{202e}abc\\u{d}\\u{a}x\"");
}

TEST_CASE("names and data of any length make a line of a stated length") {
    Change change =
        value_change(sz(std::u16string(100'000, u'o')), sz(std::u16string(100'000, u'\0')));
    change.value_name = std::u16string(16'383, u'\u202E');
    change.key.subkey = u"SOFTWARE";
    for (int i = 0; i < 500; ++i) change.key.subkey += u"\\" + std::u16string(255, u'k');
    change.key.subkey += u"\\leaf";
    const std::string line = to_line(change, Colour::always);
    CHECK(to_utf16(line).size() < 2 * kMaxLineKey + kMaxLineName + 2 * kMaxLineData + 80);
    CHECK(line.find("HKLM\\SOFTWARE\\kkk") == 0);
    CHECK(line.find("\\leaf  ") != std::string::npos);
    CHECK(line.find("of 100000]") != std::string::npos);
}
