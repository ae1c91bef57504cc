#include "change/json.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "support/samples.h"

using namespace regwatch;
using namespace regwatch::test;
using Record = nlohmann::ordered_json;

namespace {

Record record(const Change& change, const RecordContext& context = {}) {
    return Record::parse(to_json_line(change, context));
}

// What a new value with this data makes of registry.data and regwatch.data.
std::string data_of(const ValueData& data) {
    const Record json = record(value_change(std::nullopt, data));
    return json["registry"]["data"].dump() + json["regwatch"]["data"].dump();
}

bool is_printable_ascii(const std::string& text) {
    for (const char c : text) {
        if (c < 0x20 || c > 0x7E) return false;
    }
    return true;
}

}  // namespace

// clang-format off
TEST_CASE("the record of a value that changes") {
    CHECK(to_json_line(value_change(sz(u"C:\\Apps\\u.exe"), sz(u"C:\\Temp\\u.exe")), {"SRV01"}) ==
          R"j({"@timestamp":"2026-11-02T10:15:30.1234567Z","ecs":{"version":"9.4.0"})j"
          R"j(,"event":{"kind":"event","category":["registry"],"type":["change"])j"
          R"j(,"action":"registry-value-set","code":"13")j"
          R"j(,"id":"01KBX0000000000000000000AB","sequence":48213,"provider":"RegWatch")j"
          R"j(,"module":"regwatch","dataset":"regwatch.registry","severity":73)j"
          R"j(,"start":"2026-11-02T10:15:29.0000000Z","end":"2026-11-02T10:15:30.1234567Z")j"
          R"j(,"created":"2026-11-02T10:15:30.1234567Z"})j"
          R"j(,"host":{"name":"SRV01"},"rule":{"name":"run-keys"},"tags":["asep","logon"])j"
          R"j(,"threat":{"technique":{"id":["T1547.001"]}})j"
          R"j(,"registry":{"hive":"HKLM","key":"SOFTWARE\\Example\\Run","value":"Updater")j"
          R"j(,"path":"HKLM\\SOFTWARE\\Example\\Run\\Updater")j"
          R"j(,"data":{"type":"REG_SZ","strings":["C:\\Temp\\u.exe"])j"
          R"j(,"bytes":"QwA6AFwAVABlAG0AcABcAHUALgBlAHgAZQAAAA=="})j"
          R"j(,"previous":{"data":{"type":"REG_SZ","strings":["C:\\Apps\\u.exe"])j"
          R"j(,"bytes":"QwA6AFwAQQBwAHAAcwBcAHUALgBlAHgAZQAAAA=="}}})j"
          R"j(,"regwatch":{"object":"value","operation":"set","detection":"notify")j"
          R"j(,"arch":"64bit")j"
          R"j(,"is_default":false,"key_last_write":"2026-11-02T10:15:30.1000000Z")j"
          R"j(,"data":{"size":28})j"
          R"j(,"sysmon":{"EventType":"SetValue")j"
          R"j(,"TargetObject":"HKLM\\SOFTWARE\\Example\\Run\\Updater")j"
          R"j(,"Details":"C:\\Temp\\u.exe"}}})j");
}

TEST_CASE("the record of a value that is new") {
    CHECK(to_json_line(value_change(std::nullopt, dword(1)), {"SRV01"}) ==
          R"j({"@timestamp":"2026-11-02T10:15:30.1234567Z","ecs":{"version":"9.4.0"})j"
          R"j(,"event":{"kind":"event","category":["registry"],"type":["creation"])j"
          R"j(,"action":"registry-value-set","code":"13")j"
          R"j(,"id":"01KBX0000000000000000000AB","sequence":48213,"provider":"RegWatch")j"
          R"j(,"module":"regwatch","dataset":"regwatch.registry","severity":73)j"
          R"j(,"start":"2026-11-02T10:15:29.0000000Z","end":"2026-11-02T10:15:30.1234567Z")j"
          R"j(,"created":"2026-11-02T10:15:30.1234567Z"})j"
          R"j(,"host":{"name":"SRV01"},"rule":{"name":"run-keys"},"tags":["asep","logon"])j"
          R"j(,"threat":{"technique":{"id":["T1547.001"]}})j"
          R"j(,"registry":{"hive":"HKLM","key":"SOFTWARE\\Example\\Run","value":"Updater")j"
          R"j(,"path":"HKLM\\SOFTWARE\\Example\\Run\\Updater")j"
          R"j(,"data":{"type":"REG_DWORD","strings":["1"],"bytes":"AQAAAA=="}})j"
          R"j(,"regwatch":{"object":"value","operation":"create","detection":"notify")j"
          R"j(,"arch":"64bit")j"
          R"j(,"is_default":false,"key_last_write":"2026-11-02T10:15:30.1000000Z")j"
          R"j(,"data":{"size":4,"number":1,"hex":"0x00000001"})j"
          R"j(,"sysmon":{"EventType":"SetValue")j"
          R"j(,"TargetObject":"HKLM\\SOFTWARE\\Example\\Run\\Updater")j"
          R"j(,"Details":"DWORD (0x00000001)"}}})j");
}

TEST_CASE("the record of a value that is deleted") {
    CHECK(to_json_line(value_change(dword(1), std::nullopt), {"SRV01"}) ==
          R"j({"@timestamp":"2026-11-02T10:15:30.1234567Z","ecs":{"version":"9.4.0"})j"
          R"j(,"event":{"kind":"event","category":["registry"],"type":["deletion"])j"
          R"j(,"action":"registry-value-deleted","code":"12")j"
          R"j(,"id":"01KBX0000000000000000000AB","sequence":48213,"provider":"RegWatch")j"
          R"j(,"module":"regwatch","dataset":"regwatch.registry","severity":73)j"
          R"j(,"start":"2026-11-02T10:15:29.0000000Z","end":"2026-11-02T10:15:30.1234567Z")j"
          R"j(,"created":"2026-11-02T10:15:30.1234567Z"})j"
          R"j(,"host":{"name":"SRV01"},"rule":{"name":"run-keys"},"tags":["asep","logon"])j"
          R"j(,"threat":{"technique":{"id":["T1547.001"]}})j"
          R"j(,"registry":{"hive":"HKLM","key":"SOFTWARE\\Example\\Run","value":"Updater")j"
          R"j(,"path":"HKLM\\SOFTWARE\\Example\\Run\\Updater")j"
          R"j(,"previous":{"data":{"type":"REG_DWORD","strings":["1"],"bytes":"AQAAAA=="}}})j"
          R"j(,"regwatch":{"object":"value","operation":"delete","detection":"notify")j"
          R"j(,"arch":"64bit")j"
          R"j(,"is_default":false,"key_last_write":"2026-11-02T10:15:30.1000000Z")j"
          R"j(,"sysmon":{"EventType":"DeleteValue")j"
          R"j(,"TargetObject":"HKLM\\SOFTWARE\\Example\\Run\\Updater"}}})j");
}

TEST_CASE("the record of a key that is created") {
    CHECK(to_json_line(key_change(DifferenceKind::key_created), {"SRV01"}) ==
          R"j({"@timestamp":"2026-11-02T10:15:30.1234567Z","ecs":{"version":"9.4.0"})j"
          R"j(,"event":{"kind":"event","category":["registry"],"type":["creation"])j"
          R"j(,"action":"registry-key-created","code":"12")j"
          R"j(,"id":"01KBX0000000000000000000AB","sequence":48213,"provider":"RegWatch")j"
          R"j(,"module":"regwatch","dataset":"regwatch.registry","severity":73)j"
          R"j(,"start":"2026-11-02T10:15:29.0000000Z","end":"2026-11-02T10:15:30.1234567Z")j"
          R"j(,"created":"2026-11-02T10:15:30.1234567Z"})j"
          R"j(,"host":{"name":"SRV01"},"rule":{"name":"run-keys"},"tags":["asep","logon"])j"
          R"j(,"threat":{"technique":{"id":["T1547.001"]}})j"
          R"j(,"registry":{"hive":"HKLM","key":"SOFTWARE\\Example\\Run")j"
          R"j(,"path":"HKLM\\SOFTWARE\\Example\\Run"})j"
          R"j(,"regwatch":{"object":"key","operation":"create","detection":"notify")j"
          R"j(,"arch":"64bit","key_last_write":"2026-11-02T10:15:30.1000000Z")j"
          R"j(,"sysmon":{"EventType":"CreateKey")j"
          R"j(,"TargetObject":"HKLM\\SOFTWARE\\Example\\Run"}}})j");
}

TEST_CASE("the record of a key that is deleted") {
    CHECK(to_json_line(key_change(DifferenceKind::key_deleted), {"SRV01"}) ==
          R"j({"@timestamp":"2026-11-02T10:15:30.1234567Z","ecs":{"version":"9.4.0"})j"
          R"j(,"event":{"kind":"event","category":["registry"],"type":["deletion"])j"
          R"j(,"action":"registry-key-deleted","code":"12")j"
          R"j(,"id":"01KBX0000000000000000000AB","sequence":48213,"provider":"RegWatch")j"
          R"j(,"module":"regwatch","dataset":"regwatch.registry","severity":73)j"
          R"j(,"start":"2026-11-02T10:15:29.0000000Z","end":"2026-11-02T10:15:30.1234567Z")j"
          R"j(,"created":"2026-11-02T10:15:30.1234567Z"})j"
          R"j(,"host":{"name":"SRV01"},"rule":{"name":"run-keys"},"tags":["asep","logon"])j"
          R"j(,"threat":{"technique":{"id":["T1547.001"]}})j"
          R"j(,"registry":{"hive":"HKLM","key":"SOFTWARE\\Example\\Run")j"
          R"j(,"path":"HKLM\\SOFTWARE\\Example\\Run"})j"
          R"j(,"regwatch":{"object":"key","operation":"delete","detection":"notify")j"
          R"j(,"arch":"64bit","key_last_write":"2026-11-02T10:15:30.1000000Z")j"
          R"j(,"sysmon":{"EventType":"DeleteKey")j"
          R"j(,"TargetObject":"HKLM\\SOFTWARE\\Example\\Run"}}})j");
}

// clang-format on

TEST_CASE("the record of a renaming has the new key in both vocabularies") {
    const Record json = record(renamed_key(u"Walk"));
    CHECK(json["event"]["action"] == "registry-key-renamed");
    CHECK(json["event"]["type"] == Record::array({"change"}));
    CHECK(json["registry"]["key"] == "SOFTWARE\\Example\\Run");
    CHECK(json["regwatch"]["operation"] == "rename");
    CHECK(json["regwatch"]["new_key"] == "SOFTWARE\\Example\\Walk");
    CHECK(json["regwatch"]["sysmon"]["NewName"] == "HKLM\\SOFTWARE\\Example\\Walk");
    const Record odd = record(renamed_key({char16_t{0xD800}}));
    CHECK(odd["regwatch"]["exact"].contains("new_key"));
}

TEST_CASE("the record of new permissions has the old SDDL and the new") {
    const Record json = record(security_change("O:BA", "O:SY"));
    CHECK(json["event"]["action"] == "registry-key-security-changed");
    CHECK(json["regwatch"]["operation"] == "security");
    CHECK(json["regwatch"]["security"] == Record({{"sddl", "O:SY"}, {"previous_sddl", "O:BA"}}));
}

TEST_CASE("every type of data has its text, its bytes and its size") {
    CHECK(data_of({ValueType::none, {}}) == R"({"type":"REG_NONE","bytes":""}{"size":0})");
    CHECK(data_of(sz(u"a")) == R"({"type":"REG_SZ","strings":["a"],"bytes":"YQAAAA=="}{"size":4})");
    CHECK(data_of(raw_text(ValueType::expand_sz, u"%A%")) ==
          R"({"type":"REG_EXPAND_SZ","strings":["%A%"],"bytes":"JQBBACUA"}{"size":6})");
    CHECK(data_of(binary({0xDE, 0xAD})) == R"({"type":"REG_BINARY","bytes":"3q0="}{"size":2})");
    CHECK(data_of(dword(3389)) == R"({"type":"REG_DWORD","strings":["3389"],"bytes":"PQ0AAA=="})"
                                  R"({"size":4,"number":3389,"hex":"0x00000d3d"})");
    CHECK(data_of({ValueType::dword_big_endian, {0, 0, 1, 2}}) ==
          R"({"type":"REG_DWORD_BIG_ENDIAN","strings":["258"],"bytes":"AAABAg=="})"
          R"({"size":4,"number":258,"hex":"0x00000102"})");
    CHECK(data_of(raw_text(ValueType::link, u"\\X")) ==
          R"({"type":"REG_LINK","strings":["\\X"],"bytes":"XABYAA=="}{"size":4})");
    CHECK(data_of(multi_sz({u"a", u"b"})) ==
          R"({"type":"REG_MULTI_SZ","strings":["a","b"],"bytes":"YQAAAGIAAAAAAA=="}{"size":10})");
    CHECK(data_of(multi_sz({})) ==
          R"({"type":"REG_MULTI_SZ","strings":[],"bytes":"AAA="}{"size":2})");
    CHECK(data_of({ValueType::resource_list, {1}}) ==
          R"({"type":"REG_RESOURCE_LIST","bytes":"AQ=="}{"size":1})");
    CHECK(data_of({ValueType::full_resource_descriptor, {1}}) ==
          R"({"type":"REG_FULL_RESOURCE_DESCRIPTOR","bytes":"AQ=="}{"size":1})");
    CHECK(data_of({ValueType::resource_requirements_list, {1}}) ==
          R"({"type":"REG_RESOURCE_REQUIREMENTS_LIST","bytes":"AQ=="}{"size":1})");
    CHECK(data_of(qword(7)) == R"({"type":"REG_QWORD","strings":["7"],"bytes":"BwAAAAAAAAA="})"
                               R"({"size":8,"number":7,"hex":"0x0000000000000007"})");
    CHECK(data_of({static_cast<ValueType>(99), {9}}) ==
          R"({"type":"REG_0x00000063","bytes":"CQ=="}{"size":1})");
}

TEST_CASE("data that does not fit its type has its bytes and no text") {
    CHECK(data_of({ValueType::sz, {'a', 0, 'b'}}) ==
          R"({"type":"REG_SZ","bytes":"YQBi"}{"size":3})");
    CHECK(data_of({ValueType::dword, {1}}) == R"({"type":"REG_DWORD","bytes":"AQ=="}{"size":1})");
    CHECK(data_of({ValueType::sz, {}}) ==
          R"({"type":"REG_SZ","strings":[""],"bytes":""}{"size":0})");
    CHECK(data_of(raw_text(ValueType::sz, std::u16string(u"a\0b", 3))) ==
          R"({"type":"REG_SZ","strings":["a\u0000b"],"bytes":"YQAAAGIA"}{"size":6})");
}

TEST_CASE("a number that a signed index cannot hold is only text and hex") {
    CHECK(data_of(qword(0x7FFFFFFFFFFFFFFF)).find(R"("number":9223372036854775807)") !=
          std::string::npos);
    CHECK(data_of(qword(0x8000000000000000)) ==
          R"({"type":"REG_QWORD","strings":["9223372036854775808"],"bytes":"AAAAAAAAAIA="})"
          R"({"size":8,"hex":"0x8000000000000000"})");
}

TEST_CASE("text is itself after a parser has read it") {
    Change change = value_change(std::nullopt, sz(u"\u202E\"\\\n\u20AC\U0001F600\x7F"));
    change.value_name = u"Grüße \t\u200B";
    change.key.subkey = u"SOFTWARE\\漢字";
    const std::string line = to_json_line(change, {});
    CHECK(is_printable_ascii(line));
    const Record json = Record::parse(line);
    CHECK(json["registry"]["data"]["strings"][0] == "\u202E\"\\\n\u20AC\U0001F600\x7F");
    CHECK(json["registry"]["value"] == "Grüße \t\u200B");
    CHECK(json["registry"]["key"] == "SOFTWARE\\漢字");
    CHECK_FALSE(json["regwatch"].contains("exact"));
}

TEST_CASE("a name with a lone surrogate is shown with an escape and kept exactly beside it") {
    Change change = value_change(std::nullopt, sz(std::u16string{u'a', char16_t{0xD800}}));
    change.value_name = {u'v', u'\0', char16_t{0xDC00}};
    change.key.subkey = {u'K', char16_t{0xDBFF}};
    const Record json = record(change);
    CHECK(json["registry"]["key"] == "K\\u{dbff}");
    CHECK(json["registry"]["value"] == std::string("v\0\\u{dc00}", 10));
    CHECK(json["registry"]["path"] == std::string("HKLM\\K\\u{dbff}\\v\0\\u{dc00}", 25));
    CHECK(json["registry"]["data"]["strings"][0] == "a\\u{d800}");
    CHECK(json["registry"]["data"]["bytes"] == "YQAA2AAA");
    CHECK(json["regwatch"]["exact"].dump() == R"({"key":"SwD/2w==","value":"dgAAAADc"})");

    change.key.subkey = u"K";
    CHECK(record(change)["regwatch"]["exact"].dump() == R"({"value":"dgAAAADc"})");
}

TEST_CASE("the default value has an empty name, and says that it is the default") {
    Change change = value_change(std::nullopt, sz(u"a"));
    change.value_name.clear();
    const Record json = record(change);
    CHECK(json["registry"]["value"] == "");
    CHECK(json["registry"]["path"] == "HKLM\\SOFTWARE\\Example\\Run\\");
    CHECK(json["regwatch"]["is_default"] == true);
    CHECK(json["regwatch"]["sysmon"]["TargetObject"] == "HKLM\\SOFTWARE\\Example\\Run\\(Default)");
}

TEST_CASE("what is not known is not there") {
    Change change = key_change(DifferenceKind::key_created);
    change.not_before = {};
    change.key_last_write = {};
    change.tags.clear();
    change.techniques.clear();
    change.watch.clear();
    const Record json = record(change);
    for (const char* field : {"host", "rule", "tags", "threat", "process", "user"}) {
        CHECK_FALSE(json.contains(field));
    }
    CHECK_FALSE(json["event"].contains("start"));
    for (const char* field : {"value", "data", "previous"}) {
        CHECK_FALSE(json["registry"].contains(field));
    }
    for (const char* field : {"key_last_write", "data", "is_default", "exact"}) {
        CHECK_FALSE(json["regwatch"].contains(field));
    }
    CHECK(json.dump().find("null") == std::string::npos);
}

TEST_CASE("the time of a change that nobody told us of is the key's last write, if that can be") {
    Change change = value_change(std::nullopt, dword(1));
    const std::string found = "2026-11-02T10:15:30.1234567Z";
    const std::string written = "2026-11-02T10:15:30.1000000Z";
    CHECK(record(change)["@timestamp"] == found);
    change.detection = Detection::startup;
    CHECK(record(change)["@timestamp"] == written);
    change.detection = Detection::sweep;
    CHECK(record(change)["@timestamp"] == written);
    change.not_before = change.key_last_write;  // so it was written before the last look
    CHECK(record(change)["@timestamp"] == found);
    change.not_before = {};
    change.key_last_write = change.detected_at + WallTicks{1};  // and this is in the future
    CHECK(record(change)["@timestamp"] == found);
    change.key_last_write = {};
    CHECK(record(change)["@timestamp"] == found);
}

TEST_CASE("severity and detection are written as collectors expect them") {
    Change change = value_change(std::nullopt, dword(1));
    const std::pair<Severity, int> severities[] = {{Severity::info, 1},
                                                   {Severity::low, 21},
                                                   {Severity::medium, 47},
                                                   {Severity::high, 73},
                                                   {Severity::critical, 99}};
    for (const auto& [severity, number] : severities) {
        change.severity = severity;
        CHECK(record(change)["event"]["severity"] == number);
    }
    const std::pair<Detection, const char*> detections[] = {{Detection::notify, "notify"},
                                                            {Detection::sweep, "sweep"},
                                                            {Detection::startup, "startup"},
                                                            {Detection::hive_load, "hive_load"},
                                                            {Detection::reload, "reload"}};
    for (const auto& [detection, name] : detections) {
        change.detection = detection;
        CHECK(record(change)["regwatch"]["detection"] == name);
    }
}

TEST_CASE("the view is told, and the root of users") {
    Change change = value_change(std::nullopt, dword(1));
    change.key.view = View::bits32;
    change.key.root = Root::users;
    const Record json = record(change);
    CHECK(json["regwatch"]["arch"] == "32bit");
    CHECK(json["registry"]["hive"] == "HKU");
}

TEST_CASE("texts of the config that are not UTF-8 do not break the record") {
    Change change = key_change(DifferenceKind::key_created);
    change.watch = "w\xFF";
    change.tags = {"\xC3"};
    const Record json = record(change, {"h\x80"});
    CHECK(json["rule"]["name"] == "w\uFFFD");
    CHECK(json["tags"][0] == "\uFFFD");
    CHECK(json["host"]["name"] == "h\uFFFD");
}

TEST_CASE("any names and any data make one line of valid ASCII JSON") {
    std::mt19937 random(11);
    const auto below = [&random](unsigned limit) {
        return static_cast<unsigned>(random() % limit);
    };
    const auto any_text = [&] {
        std::u16string text;
        for (unsigned length = below(12); length > 0; --length) {
            const unsigned start[] = {0, 0x7F, 0xD800, 0xDC00, 0x2000, 0xFFF0};
            text.push_back(static_cast<char16_t>(start[below(6)] + below(16)));
        }
        return text;
    };
    for (int round = 0; round < 1000; ++round) {
        Change change =
            value_change(std::nullopt, ValueData{static_cast<ValueType>(below(14)), {}});
        for (unsigned size = below(24); size > 0; --size) {
            change.after->bytes.push_back(static_cast<std::uint8_t>(below(256)));
        }
        change.value_name = any_text();
        change.key.subkey = any_text();
        const std::string line = to_json_line(change, {});
        REQUIRE(is_printable_ascii(line));
        REQUIRE(Record::accept(line));
    }
}
