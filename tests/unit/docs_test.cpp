// README.md is compared with the program: what can be counted or copied must be equal.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "change/change.h"
#include "change/event_entry.h"
#include "change/event_id.h"
#include "change/json.h"
#include "service/command_line.h"
#include "service/exit_code.h"
#include "settings/loader.h"
#include "support/markdown.h"
#include "support/samples.h"
#include "text/utf.h"

using namespace regwatch;
using regwatch::test::Row;

namespace {

const std::filesystem::path kSource = REGWATCH_SOURCE_DIR;

const std::string& readme() {
    static const std::string text = test::read_text(kSource / "README.md");
    return text;
}

std::vector<Row> table_under(const std::string& header) {
    std::vector<Row> rows = test::table_under(readme(), header);
    INFO("README.md has no table with the header " << header);
    REQUIRE_FALSE(rows.empty());
    return rows;
}

std::string as_line(const Row& row) {
    std::string line = "|";
    for (const std::string& cell : row) line += ' ' + cell + " |";
    return line;
}

// Names each row that is in one of them only.
void check_equal_rows(std::vector<Row> in_readme, std::vector<Row> in_program) {
    std::sort(in_readme.begin(), in_readme.end());
    std::sort(in_program.begin(), in_program.end());
    std::vector<Row> wrong;
    std::set_difference(in_readme.begin(), in_readme.end(), in_program.begin(), in_program.end(),
                        std::back_inserter(wrong));
    for (const Row& row : wrong)
        FAIL_CHECK("README.md has a row that is not the program's: " << as_line(row));
    wrong.clear();
    std::set_difference(in_program.begin(), in_program.end(), in_readme.begin(), in_readme.end(),
                        std::back_inserter(wrong));
    for (const Row& row : wrong) FAIL_CHECK("README.md lacks the row: " << as_line(row));
    CHECK_FALSE(in_program.empty());
}

std::vector<Row> first_cells(const std::vector<Row>& rows, std::size_t count) {
    std::vector<Row> first;
    for (const Row& row : rows) {
        INFO("a row of README.md has too few cells: " << as_line(row));
        REQUIRE(row.size() >= count);
        first.emplace_back(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return first;
}

bool is_a_config(const std::string& block) { return block.find("\"watches\"") != block.npos; }

const char* text_of(EventLevel level) {
    switch (level) {
        case EventLevel::information:
            return "information";
        case EventLevel::warning:
            return "warning";
        case EventLevel::error:
            return "error";
    }
    return "";
}

const char* text_of(EventCategory category) {
    switch (category) {
        case EventCategory::service:
            return "service";
        case EventCategory::configuration:
            return "configuration";
        case EventCategory::watch:
            return "watch";
        case EventCategory::change:
            return "change";
        case EventCategory::action:
            return "action";
        case EventCategory::security:
            return "security";
        case EventCategory::delivery:
            return "delivery";
    }
    return "";
}

// {number, name} of each entry of an enumeration in service/exit_code.h; C++ cannot list them.
std::vector<Row> entries_of(const std::string& enumeration) {
    const std::string header = test::read_text(kSource / "service" / "exit_code.h");
    const std::size_t begin = header.find("enum class " + enumeration + " ");
    REQUIRE(begin != std::string::npos);
    const std::string body = header.substr(begin, header.find("};", begin) - begin);
    std::vector<Row> entries;
    const std::regex entry("\\n\\s+(\\w+) = (\\d+),");
    for (std::sregex_iterator found(body.begin(), body.end(), entry), end; found != end; ++found)
        entries.push_back({(*found)[2], (*found)[1]});
    return entries;
}

std::string help_of(const std::string& command) {
    std::vector<std::string> arguments = {"help"};
    if (!command.empty()) arguments.push_back(command);
    const CommandLine line = parse_command_line(arguments);
    REQUIRE(std::holds_alternative<HelpCommand>(line.command));
    return std::get<HelpCommand>(line.command).text;
}

// {name, description} of each line of one section of a help text.
std::vector<Row> section_of(const std::string& help, const std::string& title) {
    const std::vector<std::string> lines = test::lines_of(help);
    std::vector<Row> rows;
    auto line = std::find(lines.begin(), lines.end(), title + ":");
    if (line == lines.end()) return rows;
    for (++line; line != lines.end() && !line->empty(); ++line) {
        const std::string text = test::trimmed(*line);
        const std::size_t gap = text.find("  ");
        INFO("a line of the help that is not \"name  description\": " << text);
        REQUIRE(gap != std::string::npos);
        std::string name = text.substr(0, gap);
        if (const std::size_t at = name.find(" REQUIRED"); at != name.npos) name.erase(at);
        rows.push_back({name, test::trimmed(text.substr(gap))});
    }
    return rows;
}

// The change that README.md shows as an event and as a record.
Change shown_change() {
    using namespace std::chrono;
    const auto at = [](int second, int hundred_ns) {
        return WallTime(sys_days(2026y / November / 23)) + hours(8) + minutes(12) +
               seconds(second) + WallTime::duration(hundred_ns);
    };
    Change change;
    change.id = "01M83QDF4C5YB7CQKT900NFT9M";
    change.sequence = 3;
    change.key = *KeyPath::parse(
        std::string_view("HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon"));
    change.value_name = u"Shell";
    change.before = test::sz(u"explorer.exe");
    change.after = test::sz(u"explorer.exe, C:\\Temp\\evil.exe");
    change.detected_at = at(31, 7564452);
    change.not_before = at(31, 3303314);
    change.watch = "winlogon";
    change.tags = {"autostart", "logon"};
    change.severity = Severity::critical;
    return change;
}

// Every field of `part` is in `whole` with the same value; `part` may have fewer.
void check_is_part(const nlohmann::json& part, const nlohmann::json& whole,
                   const std::string& where) {
    if (!part.is_object()) {
        INFO("the record in README.md differs at " << where);
        CHECK(part == whole);
        return;
    }
    for (const auto& [name, value] : part.items()) {
        INFO("the record in README.md has " << where << "/" << name);
        REQUIRE(whole.contains(name));
        check_is_part(value, whole[name], where + "/" + name);
    }
}

}  // namespace

TEST_CASE("the README lists every event as events.def has it", "[docs]") {
    std::vector<Row> events;
    for (const EventKind& kind : all_event_kinds()) {
        const std::string text = kind.text;
        events.push_back({std::to_string(static_cast<unsigned>(kind.id)), text_of(kind.level),
                          text_of(kind.category), kind.name,
                          kind.audience == EventAudience::admin ? "Event Log" : "regwatch.log",
                          text.substr(0, text.find("%n"))});
    }
    check_equal_rows(table_under("| id | level | category | name | where | text |"), events);
}

TEST_CASE("the README names the inserts of a change as the texts of the events do", "[docs]") {
    const std::vector<Row> inserts = table_under("| insert | is |");
    CHECK(inserts.size() == event_entry(shown_change()).inserts.size());
    const std::regex labelled("%n([A-Z][A-Za-z ]*): (%\\d+)");
    std::size_t found = 0;
    for (const EventKind& kind : all_event_kinds()) {
        if (kind.category != EventCategory::change) continue;
        const std::string text = kind.text;
        for (std::sregex_iterator label(text.begin(), text.end(), labelled), end; label != end;
             ++label, ++found) {
            const bool is_named = std::any_of(inserts.begin(), inserts.end(), [&](const Row& row) {
                return row.at(0) == (*label)[2] &&
                       row.at(1).find((*label)[1]) != Row::value_type::npos;
            });
            INFO("no row of the inserts in README.md fits event " << kind.name << ", which has \""
                                                                  << (*label)[0] << "\"");
            CHECK(is_named);
        }
    }
    CHECK(found > 30);
}

TEST_CASE("the README shows an event as the program writes it", "[docs]") {
    const std::string event = to_utf8(render(event_entry(shown_change())));
    INFO(event);
    const std::vector<std::string> blocks = test::blocks_of(readme(), "text");
    CHECK(std::any_of(blocks.begin(), blocks.end(), [&](const std::string& block) {
        return block.find(event) != std::string::npos;
    }));
}

TEST_CASE("the README shows a record as the program writes it", "[docs]") {
    const auto whole = nlohmann::json::parse(to_json_line(shown_change(), {"vm"}));
    std::size_t records = 0;
    for (const std::string& block : test::blocks_of(readme(), "json")) {
        if (is_a_config(block)) continue;
        ++records;
        check_is_part(nlohmann::json::parse(block), whole, "");
    }
    CHECK(records == 1);
}

TEST_CASE("every config in the README is accepted", "[docs]") {
    std::size_t configs = 0;
    for (const std::string& block : test::blocks_of(readme(), "json")) {
        if (!is_a_config(block)) continue;
        ++configs;
        const LoadOutcome outcome = load_settings(block, "README.md");
        for (const Problem& problem : outcome.problems)
            FAIL_CHECK(
                "a config in README.md (its lines are counted from the fence): " << problem.text());
        CHECK(outcome.settings.has_value());
    }
    CHECK(configs >= 1);
}

TEST_CASE("the README lists the exit codes of the program", "[docs]") {
    const std::vector<Row> rows = table_under("| exit code | name | meaning |");
    check_equal_rows(first_cells(rows, 2), entries_of("ExitCode"));
    for (const Row& row : rows) {
        INFO(as_line(row));
        CHECK(row.size() == 3);
        CHECK_FALSE(row.back().empty());
    }
}

TEST_CASE("the README lists the exit codes of the service", "[docs]") {
    std::vector<Row> steps;
    for (const Row& entry : entries_of("StartStep")) {
        const auto step = static_cast<StartStep>(std::stoul(entry[0]));
        steps.push_back(
            {entry[0], doing(step), std::to_string(static_cast<int>(exit_code_of(step)))});
    }
    check_equal_rows(table_under("| SERVICE_EXIT_CODE | it failed while | exit code of `run` |"),
                     steps);
}

TEST_CASE("the README lists the commands as the help does", "[docs]") {
    check_equal_rows(table_under("| command | what it does |"),
                     section_of(help_of(""), "Subcommands"));
}

TEST_CASE("the README lists the options as the help does", "[docs]") {
    std::vector<Row> options;
    std::set<std::string> of_all;
    for (const Row& option : section_of(help_of(""), "Options")) {
        of_all.insert(option[0]);
        options.push_back({option[0], "all", option[1]});
    }
    for (const Row& command : section_of(help_of(""), "Subcommands")) {
        for (const char* title : {"Positionals", "Options"}) {
            for (const Row& option : section_of(help_of(command[0]), title)) {
                if (of_all.contains(option[0])) continue;
                options.push_back({option[0], command[0], option[1]});
            }
        }
    }
    check_equal_rows(table_under("| option | of | what it does |"), options);
}

TEST_CASE("what the README links to is there", "[docs]") {
    const std::regex link("\\]\\(([^)#]+)\\)");
    std::size_t links = 0;
    for (std::sregex_iterator found(readme().begin(), readme().end(), link), end; found != end;
         ++found, ++links) {
        INFO("README.md links to " << (*found)[1]);
        CHECK(std::filesystem::exists(kSource / (*found)[1].str()));
    }
    CHECK(links >= 4);
}
