#include <catch2/catch_test_macros.hpp>
#include <string_view>

#include "settings/fields.h"
#include "settings/json_text.h"
#include "settings/nearest_name.h"
#include "settings/problem_list.h"
#include "settings/values.h"
#include "settings/windows_path.h"
#include "settings/wording.h"

using namespace regwatch;

TEST_CASE("durations have a whole number and one unit", "[settings]") {
    CHECK(parse_duration("0s") == 0U);
    CHECK(parse_duration("1500ms") == 1500U);
    CHECK(parse_duration("2M") == 120'000U);
    CHECK(parse_duration("1h") == 3'600'000U);
    CHECK(parse_duration("7D") == 604'800'000U);
    for (const char* wrong : {"", "s", "1", "1.5s", "-1s", "+1s", " 1s", "1 s", "1s ", "1w", "1s1s",
                              "18446744073709551616ms", "18446744073709551615s"}) {
        INFO(wrong);
        CHECK_FALSE(parse_duration(wrong).has_value());
    }
}

TEST_CASE("sizes have a whole number and one unit, and come back in the largest", "[settings]") {
    CHECK(parse_size("10MB") == 10U * 1024 * 1024);
    CHECK(parse_size("3b") == 3U);
    for (const char* wrong : {"", "MB", "10", "10 MB", "10TB", "10MiB", "1.5GB", "0x1KB"}) {
        INFO(wrong);
        CHECK_FALSE(parse_size(wrong).has_value());
    }
    CHECK(size_text(0) == "0B");
    CHECK(size_text(1023) == "1023B");
    CHECK(size_text(1536) == "1536B");
    CHECK(size_text(10 * 1024 * 1024) == "10MB");
    CHECK(duration_text(90'000) == "90s");
    CHECK(duration_text(3'600'000) == "1h");
    CHECK(duration_text(86'400'000) == "24h");
    CHECK(duration_text(604'800'000) == "7d");
}

TEST_CASE("names are safe in file names and events", "[settings]") {
    for (const char* good : {"a", "Run", "run-keys.x_1", "0", "console", "com10", "nul-2"}) {
        INFO(good);
        CHECK(name_complaint(good).empty());
    }
    for (const char* bad : {"", ".a", "a.", "-a", "a b", "a/b", "a\\b", "a:b", "\u00e4", "nul",
                            "COM1", "lpt9.txt", "a\n"}) {
        INFO(bad);
        CHECK_FALSE(name_complaint(bad).empty());
    }
}

TEST_CASE("the nearest name is the one with the fewest slips, and none when all are far",
          "[settings]") {
    constexpr std::string_view kNames[] = {"recursive", "severity", "tags", "techniques"};
    CHECK(nearest_name("recursiv", kNames) == "recursive");
    CHECK(nearest_name("RECURSIVE", kNames) == "recursive");
    CHECK(nearest_name("severtiy", kNames) == "severity");
    CHECK(nearest_name("tag", kNames) == "tags");
    CHECK(nearest_name("tgas", kNames) == "tags");
    CHECK(nearest_name("technique", kNames) == "techniques");
    CHECK(nearest_name("colour", kNames).empty());
    CHECK(nearest_name("", kNames).empty());
    CHECK(nearest_name("x", {}).empty());
}

TEST_CASE("a swap of neighbours is one slip", "[settings]") {
    constexpr std::string_view kNames[] = {"bacd", "abcx"};
    CHECK(nearest_name("abcd", kNames) == "bacd");
    constexpr std::string_view kSwapped[] = {"log"};
    CHECK(nearest_name("lgo", kSwapped) == "log");
}

TEST_CASE("a field is known by the name that it has in other products", "[settings]") {
    const auto names_of = [](const SettingsSection& section) {
        std::vector<std::string_view> names;
        for (const auto group : {section.common, section.fields})
            for (const SettingsField& field : group) names.push_back(field.name);
        return names;
    };
    const auto watch = names_of(kWatchSection);
    for (const auto& [other, ours] : std::initializer_list<std::pair<const char*, const char*>>{
             {"arch", "view"},
             {"recursion_level", "max_depth"},
             {"Recursion-Level", "max_depth"},
             {"mitre", "techniques"},
             {"restrict_value", "include_values"},
             {"nodiff", "redact"},
             {"report_changes", "changes"},
             {"types", "changes"},
             {"level", "severity"},
             {"exclude", "exclude_subkeys"},
             {"paths", "keys"}}) {
        INFO(other);
        CHECK(meant_field(other, watch) == ours);
    }
    CHECK(meant_field("types", names_of(kWhenSection)) == "kinds");
    CHECK(meant_field("match", names_of(kWhenSection)) == "conditions");
    CHECK(meant_field("types", names_of(kLogSection)) == "type");
    CHECK(meant_field("max_eps", names_of(kLogSection)) == "rate_limit");
    CHECK(meant_field("recursiv", watch) == "recursive");
    CHECK(meant_field("nothing_like_it", watch).empty());
}

TEST_CASE("the end of a number is where JSON says it is", "[settings]") {
    CHECK(number_length("0") == 1);
    CHECK(number_length("012") == 1);
    CHECK(number_length("-12.5e+3,") == 8);
    CHECK(number_length("1.x") == 1);
    CHECK(number_length("1e") == 1);
    CHECK(number_length("1e+") == 1);
    CHECK(number_length("-") == 0);
    CHECK(number_length("+1") == 0);
    CHECK(number_length("") == 0);
}

TEST_CASE("blanks are white space and complete comments", "[settings]") {
    CHECK(skip_blank(" \t\r\n// x\n/* y */z", 0) == 16);
    CHECK(skip_blank("// x\rz", 0) == 5);
    CHECK(skip_blank("/* z", 0) == 0);
    CHECK(skip_blank("/*/ z", 0) == 0);
    CHECK(skip_blank("//", 0) == 2);
    CHECK(skip_to_token(" , : /**/ x", 0) == 10);
}

TEST_CASE("pointers are escaped, and clipped where a name is endless", "[settings]") {
    const JsonPath root;
    const JsonPath a = root.member("a/b~c");
    CHECK(root.pointer().empty());
    CHECK(a.element(3).pointer() == "/a~1b~0c/3");
    CHECK(root.member("").pointer() == "/");
    CHECK(root.member(std::string(1'000, 'x')).pointer().size() < 150);
}

TEST_CASE("a clipped text ends on a character's border", "[settings]") {
    CHECK(clip("abc", 3) == "abc");
    CHECK(clip("abcd", 3) == "abc\u2026");
    CHECK(clip("a\u00e4\u00e4", 2) == "a\u2026");
}

TEST_CASE("one folder in two spellings is one folder", "[settings]") {
    CHECK(folded_folder("C:\\Logs\\A") == folded_folder("c:/logs//a/"));
    CHECK(folded_folder("C:\\\u00c4") == folded_folder("C:\\\u00e4"));
    CHECK(folded_folder("\\\\server\\share") != folded_folder("\\server\\share"));
    CHECK(folded_folder("C:\\Logs") != folded_folder("C:\\Log"));
}

TEST_CASE("what decides about a batch file is the real ending", "[settings]") {
    CHECK(is_batch_file("C:\\a.CMD"));
    CHECK(is_batch_file("C:\\a.exe.bat"));
    CHECK_FALSE(is_batch_file("C:\\a.bat\\b"));
    CHECK_FALSE(is_batch_file("C:\\a.exe"));
    for (const char* hidden : {"C:\\a.cmd.", "C:\\a.cmd ", "C:\\a.cmd. .", "C:\\a.cmd::$DATA"}) {
        INFO(hidden);
        CHECK_FALSE(program_complaint(hidden).empty());
    }
    CHECK(program_complaint("%ProgramFiles%\\a.ps1").empty());
}
