// What ships beside the program is compared with the program: the configs load, and the reference
// knows every field of the table and every default.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "settings/fields.h"
#include "settings/loader.h"

using namespace regwatch;

namespace {

const std::filesystem::path kConfigFolder = REGWATCH_SOURCE_DIR "/config";

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

const SettingsSection* const kSections[] = {&kConfigSection, &kWatchSection, &kLogSection,
                                            &kEventLogSection, &kProgramSection};

// A config with one watch and one action of each type, and `fields` in the place of the section.
std::string config_with(const SettingsSection* section, const std::string& fields) {
    const auto in = [&](const SettingsSection& one) { return section == &one ? fields : ""; };
    return R"({"watches":[{"name":"w","keys":["HKU"])" + in(kWatchSection) +
           R"(}],"actions":{"log":{"type":"log")" + in(kLogSection) +
           R"(},"eventlog":{"type":"eventlog")" + in(kEventLogSection) +
           R"(},"program":{"type":"program","file":"C:\\a.exe")" + in(kProgramSection) + "}}}";
}

// Everything in it that a field can change, as text.
std::string dump(const Settings& settings) {
    std::string out;
    const auto add = [&](const std::string& text) { out += text + "|"; };
    for (const WatchSettings& watch : settings.watches) {
        add(watch.name);
        for (const KeyPath& key : watch.keys) add(std::to_string(static_cast<int>(key.view)));
        add(std::to_string(watch.recursive));
        add(std::to_string(static_cast<int>(watch.severity)));
        for (const auto* list : {&watch.tags, &watch.techniques, &watch.actions}) {
            for (const std::string& text : *list) add(text);
        }
    }
    for (const ActionSettings& action : settings.actions) {
        add(action.name + std::to_string(action.queue_limit));
        if (const auto* log = std::get_if<LogSettings>(&action.what)) {
            add(log->folder + std::to_string(log->max_file_size) + std::to_string(log->max_files));
        } else if (const auto* program = std::get_if<ProgramSettings>(&action.what)) {
            add(program->file + program->working_directory +
                std::to_string(program->timeout.count()));
            for (const std::string& argument : program->arguments) add(argument);
        }
    }
    return out;
}

std::string dump_of(const std::string& config) {
    const LoadOutcome outcome = load_settings(config, "c.json");
    for (const Problem& problem : outcome.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(outcome.settings.has_value());
    return dump(*outcome.settings);
}

// Some defaults are said in words, because they cannot be written.
bool is_json(std::string_view fallback) {
    return fallback.starts_with('"') || fallback == "[]" || fallback == "true" ||
           fallback == "false" || fallback.find_first_not_of("0123456789") == fallback.npos;
}

}  // namespace

TEST_CASE("every config that ships is accepted", "[settings]") {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(kConfigFolder)) {
        if (entry.path().extension() != ".json") continue;
        if (entry.path().filename().string().find("schema") != std::string::npos) continue;
        INFO(entry.path().string());
        ++count;
        const LoadOutcome outcome =
            load_settings(read_file(entry.path()), entry.path().filename().string());
        for (const Problem& problem : outcome.problems) UNSCOPED_INFO(problem.text());
        CHECK(outcome.settings.has_value());
    }
    CHECK(count >= 1);
}

TEST_CASE("the default config watches the autostart keys and reports to eventlog and log",
          "[settings]") {
    const LoadOutcome outcome =
        load_settings(read_file(kConfigFolder / "regwatch.json"), "regwatch.json");
    REQUIRE(outcome.settings.has_value());
    std::size_t users = 0;
    std::size_t machine32 = 0;
    for (const WatchSettings& watch : outcome.settings->watches) {
        CHECK(watch.actions == std::vector<std::string>{"eventlog", "log"});
        CHECK(watch.severity >= Severity::high);
        CHECK_FALSE(watch.techniques.empty());
        for (const KeyPath& key : watch.keys) {
            users += key.root == Root::current_user ? 1 : 0;
            machine32 += key.view == View::bits32 ? 1 : 0;
        }
    }
    CHECK(outcome.settings->watches.size() == 4);
    CHECK(users == 2);
    CHECK(machine32 == 2);
}

TEST_CASE("a default that is written out changes nothing", "[settings]") {
    const std::string plain = dump_of(config_with(nullptr, ""));
    std::size_t tried = 0;
    for (const SettingsSection* section : kSections) {
        for (const std::span<const SettingsField> group : {section->fields, section->common}) {
            for (const SettingsField& field : group) {
                if (field.fallback.empty() || !is_json(field.fallback)) continue;
                ++tried;
                const std::string written =
                    ",\"" + std::string(field.name) + "\":" + std::string(field.fallback);
                INFO(section->name << written);
                CHECK(dump_of(config_with(section, written)) == plain);
            }
        }
    }
    CHECK(tried >= 15);
}

TEST_CASE("the reference explains every field and names its default", "[settings]") {
    const std::string reference = read_file(kConfigFolder / "README.md");
    for (const SettingsSection* section : kSections) {
        for (const std::span<const SettingsField> group : {section->fields, section->common}) {
            for (const SettingsField& field : group) {
                INFO(section->name << ": " << field.name);
                CHECK_FALSE(field.description.empty());
                const std::string row = "\n| `" + std::string(field.name) + "` |";
                const std::size_t at = reference.find(row);
                REQUIRE(at != std::string::npos);
                if (field.required) CHECK(reference.find("required", at) != std::string::npos);
                bool has_default = false;
                for (std::size_t i = at; i != std::string::npos; i = reference.find(row, i + 1)) {
                    const std::string line =
                        reference.substr(i + 1, reference.find('\n', i + 1) - i - 1);
                    const std::string_view wanted = field.required ? "required" : field.fallback;
                    if (line.find(wanted) != std::string::npos) has_default = true;
                }
                CHECK(has_default);
                for (const std::string_view choice : field.choices) {
                    CHECK(reference.find("`\"" + std::string(choice) + "\"`") != std::string::npos);
                }
            }
        }
    }
}

TEST_CASE("the choices stand in the order of what they are read into", "[settings]") {
    const SettingsField* severity = kWatchSection.find("severity");
    REQUIRE(severity != nullptr);
    REQUIRE(severity->choices.size() == 5);
    for (std::size_t i = 0; i < severity->choices.size(); ++i) {
        CHECK(severity->choices[i] == name_of(static_cast<Severity>(i)));
    }
}
