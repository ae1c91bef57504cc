// Every case is in tests/unit/settings/refused_*.txt, as people would write and read it:
//   === what is wrong with it, (beyond the schema) where config/schema.json cannot say so
//   the config
//   ---
//   each problem that is reported, exactly; {fields of a watch} stands for what the table of fields
//   says, so that a new field does not touch every case
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "settings/fields.h"
#include "settings/loader.h"

using namespace regwatch;

namespace {

struct Case {
    std::string name;
    std::string config;
    std::vector<std::string> problems;
};

std::string without_line_end(std::string text) {
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

std::string with_fields(std::string line) {
    for (const SettingsSection* section : all_sections()) {
        const std::string mark = "{fields of " + std::string(section->name) + "}";
        const std::size_t at = line.find(mark);
        if (at != line.npos) line.replace(at, mark.size(), field_names_text(*section));
    }
    return line;
}

std::vector<Case> read_cases(const std::string& file_name) {
    // In text mode and without CR, so that a checkout with other line ends gives the same cases.
    std::ifstream file(REGWATCH_SOURCE_DIR "/tests/unit/settings/" + file_name);
    std::vector<Case> cases;
    bool in_config = false;
    for (std::string line; std::getline(file, line);) {
        if (line.ends_with('\r')) line.pop_back();
        if (line.starts_with("=== ")) {
            cases.push_back({line.substr(4), {}, {}});
            in_config = true;
        } else if (line == "---") {
            in_config = false;
        } else if (in_config) {
            cases.back().config += line + "\n";
        } else if (!line.empty()) {
            cases.back().problems.push_back(with_fields(line));
        }
    }
    return cases;
}

std::vector<std::string> texts(const LoadOutcome& outcome) {
    std::vector<std::string> all;
    for (const Problem& problem : outcome.problems) all.push_back(problem.text());
    return all;
}

void check_all(const std::string& file_name, std::size_t at_least) {
    const std::vector<Case> cases = read_cases(file_name);
    REQUIRE(cases.size() >= at_least);
    for (const Case& one : cases) {
        INFO(one.name << "\n" << one.config);
        const LoadOutcome outcome = load_settings(without_line_end(one.config), "c.json");
        CHECK_FALSE(outcome.settings.has_value());
        REQUIRE_FALSE(one.problems.empty());
        CHECK(texts(outcome) == one.problems);
    }
}

std::vector<std::string> problems_of(std::string_view config) {
    return texts(load_settings(config, "c.json"));
}

}  // namespace

TEST_CASE("a text that is not JSON is refused at the token to blame", "[settings]") {
    check_all("refused_json.txt", 36);
}

TEST_CASE("a file of the wrong shape is refused with every problem at its place", "[settings]") {
    check_all("refused_files.txt", 20);
    check_all("refused_more_files.txt", 29);
}

TEST_CASE("a watch with a wrong field is refused", "[settings]") {
    check_all("refused_watches.txt", 40);
}

TEST_CASE("an action with a wrong field is refused", "[settings]") {
    check_all("refused_actions.txt", 50);
}

TEST_CASE("a wrong choice of changes is refused", "[settings]") {
    check_all("refused_when.txt", 49);
}

TEST_CASE("at least 150 broken configs are refused, each for another reason", "[settings]") {
    std::set<std::string> configs;
    std::set<std::string> answers;
    std::size_t count = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(REGWATCH_SOURCE_DIR "/tests/unit/settings")) {
        for (const Case& one : read_cases(entry.path().filename().string())) {
            ++count;
            configs.insert(one.config);
            std::string answer;
            for (const std::string& problem : one.problems) answer += problem + "\n";
            answers.insert(answer);
        }
    }
    CHECK(count >= 200);
    CHECK(configs.size() == count);
    CHECK(answers.size() >= 150);
}

TEST_CASE("an empty file and a blank file are refused alike", "[settings]") {
    const std::vector<std::string> empty = {
        "c.json: the file is empty; a config is an object with the fields \"watches\" and "
        "\"actions\""};
    CHECK(problems_of("") == empty);
    CHECK(problems_of(" \r\n\t\n") == empty);
    CHECK(problems_of("\xEF\xBB\xBF") == empty);
}

TEST_CASE("lines end with LF, CRLF or CR, and a tab is one column", "[settings]") {
    const std::string rest = ": this is not JSON: found 'x' instead of a value";
    CHECK(problems_of("{\n\t\"a\": x}") == std::vector{"c.json:2:7" + rest});
    CHECK(problems_of("{\r\n\t\"a\": x}") == std::vector{"c.json:2:7" + rest});
    CHECK(problems_of("{\r\t\"a\": x}") == std::vector{"c.json:2:7" + rest});
    CHECK(problems_of("{\r\r\n\n\"a\": x}") == std::vector{"c.json:4:6" + rest});
}

TEST_CASE("a raw control character in a string is named", "[settings]") {
    const std::string expected =
        "c.json:1:12: this is not JSON: found the character U+0009 (a tab) in a string; write it "
        "as an escape, such as \\t";
    CHECK(problems_of("{\"name\": \"a\tb\"}") == std::vector{expected});
}

TEST_CASE("arguments that do not fit on a command line are refused", "[settings]") {
    const std::string head =
        R"({"watches":[{"name":"w","keys":["HKU"]}],"actions":{"a":{"type":"program",)";
    const std::string tail = "\"]}}}";
    const auto config = [&](std::string_view file, std::size_t length) {
        return head + "\"file\":\"C:\\\\t\\\\" + std::string(file) + "\",\"arguments\":[\"" +
               std::string(length, 'x') + tail;
    };
    CHECK(problems_of(config("a.cmd", 6'997)).empty());
    CHECK(problems_of(config("a.cmd", 6'998)).size() == 1);
    CHECK(problems_of(config("a.exe", 6'998)).empty());
    CHECK(problems_of(config("a.exe", 29'998)).size() == 1);
}

TEST_CASE("nesting is followed to 32 levels and no further", "[settings]") {
    const auto nested = [](std::size_t levels) {
        return std::string(levels, '[') + std::string(levels, ']');
    };
    CHECK(problems_of(nested(32)) ==
          std::vector<std::string>{"c.json:1:1: found a list; a config is an object with the "
                                   "fields \"watches\" and \"actions\""});
    std::string pointer;
    for (int i = 0; i < 31; ++i) pointer += "/0";
    CHECK(problems_of(nested(33)) ==
          std::vector{"c.json:1:33: " + pointer + ": this is nested deeper than 32 levels"});
    CHECK(problems_of(nested(1'000'000)).size() == 1);
}

TEST_CASE("of very many problems the first thousand are reported and the rest counted",
          "[settings]") {
    std::string config = "{\"actions\":{\"e\":{\"type\":\"eventlog\"}},\"watches\":[";
    for (int i = 0; i < 1'500; ++i) config += "1,";
    config += "1]}";
    CHECK(load_settings(config, "c.json").problem_count == 1'501);
    const std::vector<std::string> all = problems_of(config);
    REQUIRE(all.size() == 1'001);
    CHECK(all[999].starts_with("c.json:1:2047: /watches/999: found the number 1; "));
    CHECK(all.back() == "c.json: and 501 more problems");
}

TEST_CASE("a file beyond 16 MB is refused unread", "[settings]") {
    const std::string config(16 * 1024 * 1024 + 1, '[');
    CHECK(problems_of(config) ==
          std::vector<std::string>{
              "c.json: the file has 16777217 bytes; at most 16777216 (16MB) are read"});
}

TEST_CASE("a file of too many values is refused", "[settings]") {
    std::string config = "[";
    for (int i = 0; i < 1'000'000; ++i) config += "1,";
    config += "1]";
    const std::vector<std::string> all = problems_of(config);
    REQUIRE(all.size() == 1);
    CHECK(all[0] == "c.json:1:2000000: there are more than 1000000 values in the file");
}
