// Any bytes at all: an answer comes back, it is one or the other, and it points into the file.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>
#include <string_view>

#include "settings/loader.h"

using namespace regwatch;
using namespace std::string_view_literals;

namespace {

constexpr std::string_view kSeed =
    "{ // comment \u00e4\n"
    "  \"actions\": {\"e\": {\"type\": \"eventlog\", \"queue_limit\": 10},\r\n"
    "    \"p\": {\"type\": \"program\", \"file\": \"C:\\\\a.cmd\", \"arguments\": "
    "[\"\\u00e4\"]}},\n"
    "  /* \u65e5 */ \"watches\": [{\"name\": \"w\", \"keys\": [\"HKLM\\\\A\", \"HKCC\"],\n"
    "    \"recursive\": true, \"tags\": [\"\\ud83d\\ude00\"], \"severity\": \"high\"}]}\n";

bool is_sound(std::string_view bytes) {
    const LoadOutcome outcome = load_settings(bytes, "c.json");
    if (outcome.settings.has_value() != outcome.problems.empty()) return false;
    const auto lines = static_cast<std::size_t>(
        std::count_if(bytes.begin(), bytes.end(), [](char c) { return c == '\n' || c == '\r'; }));
    std::size_t last_line = 0;
    for (const Problem& problem : outcome.problems) {
        if (problem.message.empty() || problem.text().find('\n') != std::string::npos) return false;
        if (problem.line == 0) continue;
        if (problem.line < last_line || problem.line > lines + 1) return false;
        if (problem.column == 0 || problem.column > bytes.size() + 1) return false;
        last_line = problem.line;
    }
    return true;
}

}  // namespace

TEST_CASE("a config cut off anywhere is refused", "[settings]") {
    REQUIRE(load_settings(kSeed, "c.json").settings.has_value());
    const std::size_t end = kSeed.rfind('}');
    for (std::size_t length = 0; length <= end; ++length) {
        INFO(length);
        const LoadOutcome outcome = load_settings(kSeed.substr(0, length), "c.json");
        REQUIRE_FALSE(outcome.settings.has_value());
        REQUIRE(outcome.problems.size() == 1);
        REQUIRE(is_sound(kSeed.substr(0, length)));
    }
}

TEST_CASE("a config with any one character replaced, added or missing gets a sound answer",
          "[settings]") {
    for (std::size_t at = 0; at < kSeed.size(); ++at) {
        for (const char c : "{}[]\",:\\/*x0-. \n\r\t\0\x80\xEF\xFF"sv) {
            INFO(at << " " << static_cast<int>(c));
            std::string changed(kSeed);
            changed[at] = c;
            REQUIRE(is_sound(changed));
            changed = kSeed;
            changed.insert(at, 1, c);
            REQUIRE(is_sound(changed));
        }
        std::string shorter(kSeed);
        shorter.erase(at, 1);
        REQUIRE(is_sound(shorter));
    }
}

TEST_CASE("random tokens get a sound answer", "[settings]") {
    constexpr std::string_view kTokens[] = {
        "{",           "}",       "[",        "]",           ",",        ":",
        "\"a\"",       "\"",      "\"name\"", "\"watches\"", "\"keys\"", "\"type\"",
        "\"actions\"", "\"log\"", "1",        "-1",          "1e5",      "true",
        "null",        "//x\n",   "/*",       "*/",          "\\",       "\xEF\xBB\xBF",
        "\xE9",        " ",       "\"HKLM\"", "\"$schema\""};
    std::mt19937 random(20170217);
    for (int round = 0; round < 20'000; ++round) {
        std::string text = round % 2 == 0 ? "{" : "";
        const std::size_t length = random() % 24;
        for (std::size_t i = 0; i < length; ++i) text += kTokens[random() % std::size(kTokens)];
        INFO(text);
        REQUIRE(is_sound(text));
    }
}

TEST_CASE("ten thousand watches load, and a mistake among them is found", "[settings]") {
    std::string config = R"({"actions":{"e":{"type":"eventlog"}},"watches":[)";
    for (int i = 0; i < 10'000; ++i) {
        const std::string number = std::to_string(i);
        config += R"({"name":"watch-)" + number + R"(","keys":["HKLM\\SOFTWARE\\Example\\Key)" +
                  number + R"("],"recursive":true,"severity":"low","tags":["bulk"]},)" + "\n";
    }
    const std::string good = config + R"({"name":"last","keys":["HKU"]}]})";
    const LoadOutcome outcome = load_settings(good, "c.json");
    REQUIRE(outcome.settings.has_value());
    CHECK(outcome.settings->watches.size() == 10'001);
    CHECK(outcome.settings->watches[9'999].name == "watch-9999");

    const LoadOutcome twice =
        load_settings(config + R"({"name":"watch-5000","keys":["HKU"]}]})", "c.json");
    REQUIRE(twice.problems.size() == 1);
    CHECK(twice.problems[0].text() ==
          "c.json:10001:9: /watches/10000/name: found \"watch-5000\", but the watch in line 5001 "
          "has that name already (upper and lower case count as the same)");
}
