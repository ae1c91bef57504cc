// What ships beside the program is compared with the program: the configs load, and the reference
// knows every field of the table and every default.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "service/config_file.h"
#include "service/explain.h"
#include "settings/fields.h"
#include "settings/loader.h"
#include "settings/schema.h"
#include "state/extent_text.h"
#include "text/utf.h"

using namespace regwatch;

namespace {

const std::filesystem::path kConfigFolder = REGWATCH_SOURCE_DIR "/config";

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A config that has every section, and `fields` in the place of the one.
std::string config_with(const SettingsSection* section, const std::string& fields) {
    const auto in = [&](const SettingsSection& one) { return section == &one ? fields : ""; };
    // What there need not be at all.
    const auto object = [&](const SettingsSection& one, const char* name) {
        if (fields.empty() || section != &one) return std::string();
        return ",\"" + std::string(name) + "\":{" + fields.substr(1) + "}";
    };
    return R"({"watches":[{"name":"w","keys":["HKCC"])" + in(kWatchSection) +
           R"(},{"name":"v","keys":["HKU"],"actions":[{"use":"log")" + in(kUseSection) +
           R"(},{"use":"eventlog","when":{"kinds":["key_created"])" + in(kWhenSection) +
           R"(}},{"use":"program","when":{"conditions":[{"field":"Details","value":"x")" +
           in(kConditionSection) + R"(}]}}]}],"actions":{"log":{"type":"log")" + in(kLogSection) +
           R"(},"eventlog":{"type":"eventlog")" + in(kEventLogSection) +
           R"(},"restore":{"type":"restore")" + in(kRestoreSection) +
           R"(},"program":{"type":"program","file":"C:\\a.exe")" + in(kProgramSection) + "}}" +
           in(kConfigSection) + object(kDefaultsSection, "defaults") +
           object(kStateSection, "state") + "}";
}

std::string dump(const ChangeFilter& filter) {
    std::string out;
    const auto add = [&](auto number) { out += std::to_string(static_cast<int>(number)) + ","; };
    for (const ChangeKind kind : filter.kinds) add(kind);
    add(filter.severity);
    for (const std::u16string& value : filter.values) out += to_wtf8(value);
    for (const FieldCondition& one : filter.conditions) {
        add(one.field);
        add(one.comparison);
        for (const std::u16string& text : one.texts) out += to_wtf8(text);
    }
    return out;
}

// Everything in it that a field can change, as text.
std::string dump(const Settings& settings) {
    std::string out;
    const auto add = [&](const std::string& text) { out += text + "|"; };
    for (const WatchSettings& watch : settings.watches) {
        add(watch.name);
        for (const KeyPath& key : watch.keys) add(std::to_string(static_cast<int>(key.view)));
        add(std::to_string(watch.recursive));
        add(to_text(extent_of(watch, ConcealingKey::of_this_process())));
        add(std::to_string(watch.max_keys) + "," + std::to_string(watch.max_value_size));
        add(std::to_string(watch.limits.entries) + "," + std::to_string(watch.limits.bytes));
        add(std::to_string(static_cast<int>(watch.severity)));
        for (const auto* list : {&watch.tags, &watch.techniques, &watch.actions}) {
            for (const std::string& text : *list) add(text);
        }
        add(watch.description);
        for (const ActionFilter& one : watch.filters) add(one.action + dump(one.filter));
    }
    for (const ActionSettings& action : settings.actions) {
        add(action.name + std::to_string(action.queue_limit));
        add(std::to_string(action.retry_for.count()));
        add(std::to_string(action.rate_limit) + "," + std::to_string(action.total_rate_limit));
        if (const auto* log = std::get_if<LogSettings>(&action.what)) {
            add(log->folder + std::to_string(log->max_file_size) + std::to_string(log->max_files));
        } else if (const auto* program = std::get_if<ProgramSettings>(&action.what)) {
            add(program->file + program->working_directory +
                std::to_string(program->timeout.count()));
            for (const std::string& argument : program->arguments) add(argument);
            for (const auto& [name, value] : program->environment) add(name + value);
            add(program->sha256 + program->execution_policy);
            add(std::to_string(static_cast<int>(program->unsafe_files)));
            add(std::to_string(program->output_limit) + "," +
                std::to_string(program->max_processes) + "," + std::to_string(program->max_memory));
        }
    }
    add(std::to_string(settings.total_rate_limit));
    const StateSettings& state = settings.state;
    add(std::to_string(static_cast<int>(state.on_first_start)));
    for (const Duration one : {state.heartbeat, state.history_age, state.pending_age})
        add(std::to_string(one.count()));
    for (const std::uint64_t one : {state.history_count, state.pending_count})
        add(std::to_string(one));
    return out;
}

std::string dump_of(const std::string& config) {
    const LoadOutcome outcome = load_settings(config, "c.json");
    for (const Problem& problem : outcome.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(outcome.settings.has_value());
    return dump(*outcome.settings);
}

LoadOutcome load_shipped() {
    const std::u8string path = (kConfigFolder / "regwatch.json").u8string();
    const auto loaded = load_config({path.begin(), path.end()});
    REQUIRE(loaded.ok());
    for (const Problem& problem : loaded->problems) UNSCOPED_INFO(problem.text());
    CHECK(loaded->problems.empty());
    return *loaded;
}

// Some defaults are said in words, because they cannot be written.
bool is_json(std::string_view fallback) {
    return fallback.starts_with('"') || fallback == "[]" || fallback == "{}" ||
           fallback == "true" || fallback == "false" ||
           fallback.find_first_not_of("0123456789") == fallback.npos;
}

// Where the reference has the fields of a section.
struct Documented {
    const SettingsSection* section;
    std::string_view heading;
    std::size_t table = 0;  // below the heading
    bool of_common = false;
};

const Documented kDocumented[] = {
    {&kConfigSection, "## The file"},
    {&kWatchSection, "## A watch"},
    {&kWatchSection, "## A watch", 0, true},
    {&kUseSection, "### Which changes an action gets", 0},
    {&kWhenSection, "### Which changes an action gets", 1},
    {&kConditionSection, "### Which changes an action gets", 2},
    {&kExpectationSection, "### What values have to be"},
    {&kEventLogSection, "## An action", 0, true},
    {&kLogSection, "### `log`"},
    {&kProgramSection, "### `program`"},
    {&kStateSection, "## The state"},
};

struct Row {
    std::string takes;
    std::string fallback;
};

std::vector<std::string> cells_of(std::string_view line) {
    std::vector<std::string> cells;
    for (std::size_t at = 0; (at = line.find("| ", at)) != line.npos;) {
        const std::size_t end = line.find(" |", at + 1);
        if (end == line.npos) break;
        cells.emplace_back(line.substr(at + 2, end - at - 2));
        at = end + 1;
    }
    return cells;
}

// By the name of the field.
std::map<std::string, Row> table_of(const std::string& reference, const Documented& where) {
    std::map<std::string, Row> rows;
    std::size_t at = reference.find("\n" + std::string(where.heading) + "\n");
    REQUIRE(at != std::string::npos);
    for (std::size_t i = 0; i <= where.table; ++i) {
        at = reference.find("\n| field | takes | default |", at + 1);
        REQUIRE(at != std::string::npos);
    }
    std::istringstream lines(reference.substr(at + 1));
    for (std::string line; std::getline(lines, line) && line.starts_with("|");) {
        const std::vector<std::string> cells = cells_of(line);
        if (cells.size() != 4 || !cells[0].starts_with('`')) continue;
        rows[cells[0].substr(1, cells[0].size() - 2)] = {cells[1], cells[2]};
    }
    return rows;
}

std::span<const SettingsField> fields_of(const Documented& where) {
    return where.of_common ? where.section->common : where.section->fields;
}

}  // namespace

TEST_CASE("the default config is accepted and includes every pack", "[settings]") {
    const LoadOutcome outcome = load_shipped();
    REQUIRE(outcome.settings.has_value());
    std::set<std::string> packs;
    for (const auto& entry : std::filesystem::directory_iterator(kConfigFolder / "packs")) {
        packs.insert(entry.path().filename().string());
    }
    CHECK(packs.size() >= 12);
    std::set<std::string> included;
    for (const std::string& file : outcome.files) {
        included.insert(std::filesystem::path(file).filename().string());
    }
    CHECK(included.erase("regwatch.json") == 1);
    CHECK(included == packs);
}

TEST_CASE("every watch that ships says why, how much it matters and what it may be a sign of",
          "[settings]") {
    const LoadOutcome outcome = load_shipped();
    REQUIRE(outcome.settings.has_value());
    CHECK(outcome.settings->watches.size() >= 100);
    for (const WatchSettings& watch : outcome.settings->watches) {
        INFO(watch.name);
        CHECK(watch.actions == std::vector<std::string>{"eventlog", "log"});
        CHECK(watch.description.size() >= 20);
        CHECK(watch.description.ends_with('.'));
        CHECK_FALSE(watch.techniques.empty());
        CHECK_FALSE(watch.tags.empty());
    }
}

TEST_CASE("the default config watches machine and users, for 64-bit and for 32-bit programs",
          "[settings]") {
    const LoadOutcome outcome = load_shipped();
    REQUIRE(outcome.settings.has_value());
    std::set<std::string> keys;
    for (const WatchSettings& watch : outcome.settings->watches) {
        for (const KeyPath& key : watch.keys) keys.insert(key.utf8());
    }
    const std::string run = "Microsoft\\Windows\\CurrentVersion\\Run";
    CHECK(keys.contains("HKLM\\SOFTWARE\\" + run));
    CHECK(keys.contains("HKLM\\SOFTWARE\\WOW6432Node\\" + run));
    CHECK(keys.contains("HKCU\\Software\\" + run));
}

TEST_CASE("what attackers change is reported by the watch that is meant for it", "[settings]") {
    const LoadOutcome outcome = load_shipped();
    REQUIRE(outcome.settings.has_value());
    struct Attack {
        std::string_view watch;
        std::string key;
        std::optional<std::u16string> value;
        bool is_delivered = true;
    };
    const std::string set = "HKLM\\SYSTEM\\ControlSet001\\";
    const std::string services = set + "Services\\";
    const std::string windows = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\";
    const std::string task =
        "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks\\{1}";
    const std::string person = "HKU\\S-1-5-21-1-2-3-1001";
    const std::string policies = "\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System";
    const std::string known = "HKCR\\WOW6432Node\\CLSID\\{BCDE0395-E52F-467C-8E3D-C4579291692E}";
    for (const auto& [watch, key, value, is_delivered] : std::initializer_list<Attack>{
             {"services", services + "Spooler", u"ImagePath"},
             {"services", services + "CDPUserSvc_1a2b3", u"ImagePath", false},
             {"services", services + "MpKsl0815", u"Start", false},
             {"session-manager", set + "Control\\Session Manager", u"BootExecute"},
             {"event-tracing", set + "Control\\WMI\\Autologger\\EventLog-System\\{1}", u"Enabled"},
             {"event-log-channels", windows + "WINEVT\\Channels\\Any/Operational", u"Enabled"},
             {"winrm-listeners", windows + "WSMAN\\Listener\\*+HTTP", u"Port"},
             {"scheduled-task-actions", task, u"Actions"},
             {"dns-server-plugin", services + "DNS\\Parameters", u"ServerLevelPluginDll"},
             {"name-resolution", services + "Tcpip\\Parameters\\Interfaces\\{1}", u"NameServer"},
             {"name-resolution-policy", services + "Dnscache\\Parameters\\DnsPolicyConfig\\{1}",
              u"GenericDNSServers"},
             {"service-account-run",
              "HKU\\.DEFAULT\\Software\\Microsoft\\Windows\\CurrentVersion\\Run", u"x"},
             {"screen-saver", "HKU\\.DEFAULT\\Control Panel\\Desktop", u"SCRNSAVE.EXE"},
             {"user-tools", person + policies, u"DisableTaskMgr"},
             {"smb-security", services + "LanmanServer\\Parameters", u"AutoShareWks"},
             {"known-com-hijacks", known + "\\TreatAs", u""},
             {"user-com-classes", person + "_Classes\\CLSID\\{1}\\InprocServer32", u"(Default)"}}) {
        INFO(watch << ": " << key);
        const auto named = [&, name = watch](const auto& one) { return one.name == name; };
        const auto& watches = outcome.settings->watches;
        const auto meant = std::find_if(watches.begin(), watches.end(), named);
        REQUIRE(meant != watches.end());
        const auto found = explain_watch(*meant, {KeyPath::parse(key).value(), value});
        INFO(found.reason);
        REQUIRE(found.reports);
        CHECK(judge_filters(*meant, "eventlog", found.changes).refusal.empty() == is_delivered);
    }
}

TEST_CASE("what changes all the time is reported by no watch that ships", "[settings]") {
    const LoadOutcome outcome = load_shipped();
    REQUIRE(outcome.settings.has_value());
    const std::string set = "HKLM\\SYSTEM\\CurrentControlSet\\";
    for (const auto& [key, value] : std::initializer_list<std::pair<std::string, std::u16string>>{
             {set + "Control\\Session Manager", u"PendingFileRenameOperations"},
             {set + "Services\\Tcpip\\Parameters\\Interfaces\\{1}", u"DhcpNameServer"},
             {set + "Services\\bam\\State\\UserSettings\\S-1-5-21-1", u"x"}}) {
        for (const WatchSettings& watch : outcome.settings->watches) {
            INFO(watch.name << ": " << key);
            CHECK_FALSE(explain_watch(watch, {KeyPath::parse(key).value(), value}).reports);
        }
    }
}

// The whole of these trees is large, and changes all the time.
TEST_CASE("no watch that ships goes down a huge tree", "[settings]") {
    const LoadOutcome outcome = load_shipped();
    REQUIRE(outcome.settings.has_value());
    for (const WatchSettings& watch : outcome.settings->watches) {
        if (!watch.recursive) continue;
        for (const KeyPath& key : watch.keys) {
            INFO(watch.name << ": " << key.utf8());
            const auto parts = key.components();
            CHECK(parts.size() >= 3);
            CHECK(parts.back() != u"Services");
            const bool all_classes = key.root == Root::local_machine && parts.back() == u"CLSID";
            CHECK_FALSE(all_classes);
        }
    }
}

TEST_CASE("the schema that is checked in is the one that the tables make", "[settings]") {
    CHECK(read_file(kConfigFolder / "schema.json") == settings_schema());
}

TEST_CASE("every field of the tables is explained in the schema", "[settings]") {
    const nlohmann::json schema = nlohmann::json::parse(settings_schema());
    std::size_t fields = 0;
    const auto explained = [&](const nlohmann::json& object) {
        for (const auto& [name, property] : object.at("properties").items()) {
            INFO(name);
            ++fields;
            CHECK(property.at("description").get<std::string>().size() > 5);
            CHECK((property.contains("default") || property.contains("examples") ||
                   property.contains("enum")));
        }
    };
    explained(schema);
    for (const auto& [name, definition] : schema.at("definitions").items()) explained(definition);
    std::size_t in_tables = 0;
    for (const SettingsSection* section : all_sections()) {
        in_tables += section->fields.size() + section->common.size();
    }
    CHECK(fields == in_tables + 1);  // "type", once more for actions of any type
}

TEST_CASE("a default that is written out changes nothing", "[settings]") {
    const std::string plain = dump_of(config_with(nullptr, ""));
    std::size_t tried = 0;
    for (const SettingsSection* section : all_sections()) {
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
    CHECK(tried >= 25);
}

TEST_CASE("the reference explains every field and names its default", "[settings]") {
    const std::string reference = read_file(kConfigFolder / "README.md");
    // What need not be there only if something else is.
    const std::map<std::string_view, std::string_view> conditional = {
        {"watches", "required without `include`"},
        {"actions", "required, here or in an included file"}};
    std::map<std::pair<std::string_view, std::size_t>, std::set<std::string>> explained;
    for (const Documented& where : kDocumented) {
        const std::map<std::string, Row> rows = table_of(reference, where);
        for (const SettingsField& field : fields_of(where)) {
            INFO(where.heading << ": " << field.name);
            CHECK_FALSE(field.description.empty());
            CHECK((!field.example.empty() || is_json(field.fallback)));
            const auto row = rows.find(std::string(field.name));
            REQUIRE(row != rows.end());
            std::string wanted(field.required ? "required" : field.fallback);
            if (wanted.empty()) wanted = "none";
            if (where.section == &kConfigSection && conditional.contains(field.name))
                wanted = conditional.at(field.name);
            const std::string quoted = wanted.starts_with('"') || wanted == "[]" ||
                                               wanted == "{}" || wanted == "true" ||
                                               wanted == "false"
                                           ? "`" + wanted + "`"
                                           : wanted;
            CHECK(row->second.fallback == quoted);
            for (const std::string_view choice : field.choices)
                CHECK(row->second.takes.find("`\"" + std::string(choice) + "\"`") !=
                      std::string::npos);
            explained[{where.heading, where.table}].insert(std::string(field.name));
        }
    }
    for (const Documented& where : kDocumented) {
        for (const auto& [name, row] : table_of(reference, where)) {
            INFO(where.heading << ": " << name);
            CHECK(explained[{where.heading, where.table}].contains(name));
        }
    }
}

TEST_CASE("the reference has a table for every section", "[settings]") {
    for (const SettingsSection* section : all_sections()) {
        if (section->fields.empty() || section == &kDefaultsSection) continue;
        INFO(section->name);
        CHECK(std::any_of(std::begin(kDocumented), std::end(kDocumented), [&](const auto& where) {
            return where.section == section && !where.of_common;
        }));
    }
}

TEST_CASE("the reference says what defaults cannot say", "[settings]") {
    const std::string takes =
        table_of(read_file(kConfigFolder / "README.md"), kDocumented[0]).at("defaults").takes;
    for (const std::span<const SettingsField> group :
         {kWatchSection.fields, kWatchSection.common}) {
        for (const SettingsField& field : group) {
            INFO(field.name);
            const bool is_named = takes.find("`" + std::string(field.name) + "`") != takes.npos;
            CHECK(is_named == (kDefaultsSection.find(field.name) == nullptr));
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
