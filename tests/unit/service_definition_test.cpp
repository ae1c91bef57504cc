#include "service/service_definition.h"

#include <catch2/catch_test_macros.hpp>

using namespace regwatch;

TEST_CASE("a path is always in quotes, also without a space") {
    CHECK(quote_argument("C:\\r.exe") == "\"C:\\r.exe\"");
    CHECK(quote_argument("C:\\a b\\r.exe") == "\"C:\\a b\\r.exe\"");
    CHECK(quote_argument("") == "\"\"");
}

TEST_CASE("a backslash before a quote is doubled, any other is left alone") {
    CHECK(quote_argument("C:\\a b\\") == "\"C:\\a b\\\\\"");
    CHECK(quote_argument("a\"b") == "\"a\\\"b\"");
    CHECK(quote_argument("a\\\\\"b") == "\"a\\\\\\\\\\\"b\"");
}

TEST_CASE("the service's command line has only the options that are not the default") {
    CHECK(service_command_line("C:\\r.exe", {}) == "\"C:\\r.exe\"");
    CHECK(service_command_line("C:\\r.exe", {"C:\\c d.json", "", "RegWatch"}) ==
          "\"C:\\r.exe\" --config \"C:\\c d.json\"");
    CHECK(service_command_line("C:\\r.exe", {"c", "d", "Second One"}) ==
          "\"C:\\r.exe\" --config \"c\" --data-dir \"d\" --name \"Second One\"");
}

TEST_CASE("a command line is taken apart into what it was made of") {
    const std::vector<std::vector<std::string>> lines = {
        {"C:\\r.exe"},
        {"C:\\Program Files\\r.exe", "--config", "C:\\a b\\", "--name", "Second One"},
        {"p", "", "a\"b", "a\\\\\"b", "\\", "tab\tand space "},
    };
    for (const auto& arguments : lines) {
        std::string line;
        for (const auto& argument : arguments) line += quote_argument(argument) + "  ";
        INFO(line);
        CHECK(split_command_line(line) == arguments);
    }
    CHECK(split_command_line("C:\\r.exe --data-dir D:\\x\\") ==
          std::vector<std::string>{"C:\\r.exe", "--data-dir", "D:\\x\\"});
    CHECK(split_command_line("  ").empty());
}
