#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <variant>

#include "settings/loader.h"

using namespace regwatch;

namespace {

Settings load(std::string_view config) {
    LoadOutcome outcome = load_settings(config, "c.json");
    for (const Problem& problem : outcome.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(outcome.settings.has_value());
    CHECK(outcome.problems.empty());
    return std::move(*outcome.settings);
}

// The settings of the one action "a" that has these fields.
ActionSettings action(const std::string& fields) {
    Settings settings =
        load(R"({"watches":[{"name":"w","keys":["HKU"]}],"actions":{"a":{)" + fields + "}}}");
    REQUIRE(settings.actions.size() == 1);
    return std::move(settings.actions[0]);
}

using Texts = std::vector<std::string>;

constexpr std::string_view kEverything = R"(
/* Every field
   there is. */
{
  "$schema": "./regwatch.schema.json",
  "watches": [{
    "name": "Run-keys_1.a",  // a comment at the end of a line
    "keys": ["HKLM\\SOFTWARE\\A", "HKCU\\Software\\Classes\\B", "HKU\\*_Classes\\C?"],
    "view": "32",
    "recursive": true,
    "max_depth": 3,
    "include_subkeys": ["**\\In"],
    "exclude_subkeys": ["Out\\*"],
    "include_values": ["In*"],
    "exclude_values": ["Out*"],
    "redact": ["*Secret*"],
    "max_keys": 12,
    "changes": ["value_set", "key_deleted"],
    "max_value_size": "64KB",
    "max_entries": 1234,
    "max_bytes": "3KB",
    "severity": "critical",
    "tags": ["one", "zwei \u00e4 \"quoted\""],
    "techniques": ["T1547", "T1547.001"],
    "actions": ["script", "file"],
    "enabled": true
  }],
  "actions": {
    "file": {"type": "log", "folder": "D:\\Logs", "max_file_size": "2GB", "max_files": 3,
             "queue_limit": 7, "enabled": true},
    "windows": {"type": "eventlog", "queue_limit": 8},
    "script": {"type": "program", "file": "%ProgramFiles%\\Tools\\report.ps1",
               "arguments": ["-x", "", "-x"], "working_directory": "\\\\server\\share",
               "timeout": "500ms"}
  },
  "state": {"on_first_start": "report", "heartbeat": "90s", "history_age": "30d",
            "history_count": 5000, "pending_age": "12h", "pending_count": 70}
}
)";

}  // namespace

TEST_CASE("an expectation holds the data as the registry would", "[settings]") {
    const Settings settings = load(R"({"actions":{"a":{"type":"eventlog"}},"watches":[
        {"name":"w","keys":["HKLM\\A"],"recursive":true,"enforce":true,"debounce":"250ms",
         "mute_at":["Sat,Sun 08:00-18:00"],"expect":[
            {"value":"","data":"ab"},
            {"value":"list","type":"REG_MULTI_SZ","data":["a","b"]},
            {"value":"number","type":"REG_DWORD","data":"0x1f"},
            {"value":"large","type":"REG_QWORD","data":"258"},
            {"subkey":"S\\T","value":"bytes","type":"REG_BINARY","data":"00fF"},
            {"value":"none","state":"absent"}]}]})");
    const WatchSettings& watch = settings.watches[0];
    CHECK(watch.enforce);
    CHECK(watch.debounce == std::chrono::milliseconds(250));
    REQUIRE(watch.mute_at.size() == 1);
    CHECK(watch.mute_at[0] == MuteWindow::parse("Sat,Sun 08:00-18:00").value());
    const auto data = [](ValueType type, Bytes bytes) {
        return std::optional(ValueData{type, std::move(bytes)});
    };
    CHECK(watch.expect ==
          std::vector<Expectation>{
              {u"", u"", data(ValueType::sz, {'a', 0, 'b', 0, 0, 0})},
              {u"", u"list", data(ValueType::multi_sz, {'a', 0, 0, 0, 'b', 0, 0, 0, 0, 0})},
              {u"", u"number", data(ValueType::dword, {0x1F, 0, 0, 0})},
              {u"", u"large", data(ValueType::qword, {2, 1, 0, 0, 0, 0, 0, 0})},
              {u"S\\T", u"bytes", data(ValueType::binary, {0x00, 0xFF})},
              {u"", u"none", std::nullopt}});
}

TEST_CASE("every field of a watch arrives", "[settings]") {
    const Settings settings = load(kEverything);
    REQUIRE(settings.watches.size() == 1);
    const WatchSettings& watch = settings.watches[0];
    CHECK(watch.name == "Run-keys_1.a");
    REQUIRE(watch.keys.size() == 3);
    CHECK(watch.keys[0] == KeyPath{Root::local_machine, u"SOFTWARE\\A", View::bits32});
    CHECK(watch.keys[1] == KeyPath{Root::current_user, u"Software\\Classes\\B", View::bits32});
    CHECK(watch.keys[2] == KeyPath{Root::users, u"*_Classes\\C?", View::bits32});
    CHECK(watch.recursive);
    CHECK(watch.selection.max_depth == 3);
    CHECK(watch.selection.include_subkeys == std::vector{PathPattern(u"**\\In")});
    CHECK(watch.selection.exclude_subkeys == std::vector{PathPattern(u"Out\\*")});
    CHECK(watch.selection.include_values == std::vector<std::u16string>{u"In*"});
    CHECK(watch.selection.exclude_values == std::vector<std::u16string>{u"Out*"});
    CHECK(watch.selection.redact == std::vector<std::u16string>{u"*Secret*"});
    CHECK(watch.max_keys == 12);
    CHECK(watch.changes.has(DifferenceKind::key_deleted));
    CHECK_FALSE(watch.changes.has(DifferenceKind::key_created));
    CHECK(watch.max_value_size == 65'536);
    CHECK(watch.limits == KeepLimits{1'234, 3'072});
    CHECK(watch.severity == Severity::critical);
    CHECK(watch.tags == Texts{"one", "zwei \u00e4 \"quoted\""});
    CHECK(watch.techniques == Texts{"T1547", "T1547.001"});
    CHECK(watch.actions == Texts{"script", "file"});
}

TEST_CASE("both views are two keys, or one where the one lies below the other", "[settings]") {
    const auto keys = [](const std::string& rest) {
        return load(R"({"actions":{"e":{"type":"eventlog"}},"watches":[{"name":"w",)" + rest +
                    R"(,"view":"both"}]})")
            .watches[0]
            .keys;
    };
    const auto apart = keys(R"("keys":["HKLM\\SOFTWARE\\A"])");
    REQUIRE(apart.size() == 2);
    CHECK(apart[0].view == View::bits64);
    CHECK(apart[1].view == View::bits32);
    CHECK(keys(R"("keys":["HKLM\\SOFTWARE"],"recursive":true)").size() == 1);
    CHECK(keys(R"("keys":["HKLM\\SOFTWARE"])").size() == 2);
}

TEST_CASE("HKCR is the classes of the machine and of every user, and two stars are a depth",
          "[settings]") {
    const Settings settings = load(R"({"actions":{"e":{"type":"eventlog"}},
        "watches":[{"name":"w","keys":["HKCR\\.txt","HKLM\\A\\**\\Run"]}]})");
    const auto& keys = settings.watches[0].keys;
    REQUIRE(keys.size() == 3);
    CHECK(keys[0] == KeyPath{Root::local_machine, u"SOFTWARE\\Classes\\.txt", View::bits64});
    CHECK(keys[1] == KeyPath{Root::current_user, u"Software\\Classes\\.txt", View::bits64});
    CHECK(keys[2].has_wildcards());
}

TEST_CASE("every field of an action arrives, and actions keep the order of the file",
          "[settings]") {
    const Settings settings = load(kEverything);
    REQUIRE(settings.actions.size() == 3);
    CHECK(settings.actions[0].name == "file");
    CHECK(settings.actions[0].queue_limit == 7);
    const auto& log = std::get<LogSettings>(settings.actions[0].what);
    CHECK(log.folder == "D:\\Logs");
    CHECK(log.max_file_size == 2ULL * 1024 * 1024 * 1024);
    CHECK(log.max_files == 3);
    CHECK(settings.actions[1].name == "windows");
    CHECK(settings.actions[1].queue_limit == 8);
    CHECK(std::holds_alternative<EventLogSettings>(settings.actions[1].what));
    CHECK(settings.actions[2].name == "script");
    CHECK(settings.actions[2].queue_limit == 10'000);
    const auto& program = std::get<ProgramSettings>(settings.actions[2].what);
    CHECK(program.file == "%ProgramFiles%\\Tools\\report.ps1");
    CHECK(program.arguments == Texts{"-x", "", "-x"});
    CHECK(program.working_directory == "\\\\server\\share");
    CHECK(program.timeout == std::chrono::milliseconds(500));
}

TEST_CASE("every field of the state arrives", "[settings]") {
    using namespace std::chrono_literals;
    const StateSettings state = load(kEverything).state;
    CHECK(state.on_first_start == Unseen::report);
    CHECK(state.heartbeat == 90s);
    CHECK(state.history_age == 720h);
    CHECK(state.history_count == 5'000);
    CHECK(state.pending_age == 12h);
    CHECK(state.pending_count == 70);
}

TEST_CASE("a watch without actions gets every action that is switched on", "[settings]") {
    const Settings settings = load(R"({"watches":[{"name":"w","keys":["HKU"]}],"actions":{
        "b":{"type":"eventlog"},"off":{"type":"eventlog","enabled":false},"a":{"type":"log"}}})");
    CHECK(settings.watches[0].actions == Texts{"b", "a"});
    CHECK(settings.actions.size() == 2);
}

TEST_CASE("what is switched off is checked and left out", "[settings]") {
    const Settings settings = load(R"({"watches":[
        {"name":"off","keys":["HKU"],"enabled":false},
        {"name":"on","keys":["HKU"],"actions":["quiet","e"]}],"actions":{
        "e":{"type":"eventlog"},"quiet":{"type":"log","enabled":false}}})");
    REQUIRE(settings.watches.size() == 1);
    CHECK(settings.watches[0].name == "on");
    CHECK(settings.watches[0].actions == Texts{"e"});
    CHECK(settings.actions.size() == 1);
    const LoadOutcome wrong = load_settings(R"({"watches":[
        {"name":"on","keys":["HKU"]},{"name":"off","keys":["HKX"],"enabled":false}],
        "actions":{"e":{"type":"eventlog"}}})",
                                            "c.json");
    CHECK(wrong.problems.size() == 1);
}

TEST_CASE("an action that no watch uses is allowed", "[settings]") {
    const Settings settings = load(R"({"watches":[{"name":"w","keys":["HKU"],"actions":["a"]}],
        "actions":{"a":{"type":"eventlog"},"unused":{"type":"log"}}})");
    CHECK(settings.actions.size() == 2);
}

TEST_CASE("two logs may write to different folders, or one of them not at all", "[settings]") {
    CHECK(load(R"({"watches":[{"name":"w","keys":["HKU"]}],"actions":{
        "a":{"type":"log"},"b":{"type":"log","folder":"C:\\b"},
        "c":{"type":"log","folder":"C:\\b2"},"d":{"type":"log","enabled":false}}})")
              .actions.size() == 3);
}

TEST_CASE("comments may stand wherever white space may", "[settings]") {
    const Settings settings = load(
        "//1\n/*2*/{/*3*/\"watches\"/*4*/:/*5*/[/*6*/{\"name\"://7\r\"w\",\"keys\":[\"HKU\"]}]//8\n"
        ",/***/\"actions\":{\"e\":{\"type\":\"eventlog\"/* \" */}}}//9");
    CHECK(settings.watches[0].name == "w");
}

TEST_CASE("numbers reach their bounds", "[settings]") {
    CHECK(action(R"("type":"eventlog","queue_limit":1)").queue_limit == 1);
    CHECK(action(R"("type":"eventlog","queue_limit":1000000)").queue_limit == 1'000'000);
    const auto size = [](const std::string& text) {
        return std::get<LogSettings>(action(R"("type":"log","max_file_size":")" + text + "\"").what)
            .max_file_size;
    };
    CHECK(size("1024B") == 1024);
    CHECK(size("1kb") == 1024);
    CHECK(size("16GB") == 16ULL * 1024 * 1024 * 1024);
    const auto timeout = [](const std::string& text) {
        const ActionSettings made =
            action(R"("type":"program","file":"C:\\a.exe","timeout":")" + text + "\"");
        return std::get<ProgramSettings>(made.what).timeout;
    };
    CHECK(timeout("100ms") == std::chrono::milliseconds(100));
    CHECK(timeout("5m") == std::chrono::minutes(5));
    CHECK(timeout("24h") == std::chrono::hours(24));
}

TEST_CASE("arguments that mean something to a batch file are fine for other programs",
          "[settings]") {
    for (const std::string file : {"a.exe", "a.ps1"}) {
        const ActionSettings made = action(R"("type":"program","file":"C:\\)" + file +
                                           R"(","arguments":["%PATH%","!x!","\"","a\r\nb"])");
        CHECK(std::get<ProgramSettings>(made.what).arguments ==
              Texts{"%PATH%", "!x!", "\"", "a\r\nb"});
    }
}

TEST_CASE("paths of every absolute form are kept as they are written", "[settings]") {
    for (const std::string path :
         {"C:\\\\x", "c:/x", "\\\\\\\\server\\\\share", "%LOGS%", "C:\\\\", "%ProgramData%\\\\x",
          "%ProgramFiles(x86)%/x", "\\\\\\\\?\\\\C:\\\\x"}) {
        INFO(path);
        std::string plain;
        for (std::size_t i = 0; i < path.size(); ++i) {
            if (path[i] == '\\') ++i;
            plain += path[i];
        }
        const ActionSettings made = action(R"("type":"log","folder":")" + path + "\"");
        CHECK(std::get<LogSettings>(made.what).folder == plain);
    }
}
