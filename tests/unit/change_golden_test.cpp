// The record and the event of every kind of change and of every type of data, compared with files that people review:
// a field that moves, or a text that changes, shows up there and nowhere else.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "change/event_entry.h"
#include "change/json.h"
#include "support/markdown.h"
#include "support/samples.h"
#include "text/utf.h"

namespace regwatch {
namespace {

using namespace test;

const std::filesystem::path kFolder =
    std::filesystem::path(REGWATCH_SOURCE_DIR) / "tests" / "unit" / "golden";

using Sample = std::pair<std::string, Change>;  // the name of the file

Sample created(const std::string& name, ValueData data) {
    return {name, value_change(std::nullopt, std::move(data))};
}

std::vector<Sample> of_every_kind() {
    Change unnamed = value_change(std::nullopt, dword(1));
    unnamed.value_name.clear();
    Change bare = value_change(dword(1), dword(2));
    bare.watch.clear();
    bare.tags.clear();
    bare.techniques.clear();
    bare.not_before = bare.key_last_write = WallTime{};
    bare.detection = Detection::startup;
    bare.severity = Severity::info;
    bare.key = {Root::users, u"S-1-5-21-1-2-3-1001\\Software\\X", View::bits32};
    Change users = value_change(std::nullopt, dword(1));
    users.key = {Root::users, u"S-1-5-21-1-2-3-1001\\Software\\X", View::bits32};
    users.hive_owner = "CORP\\anna";
    users.detection = Detection::hive_load;
    Change cut = value_change(sz(u"old"), sz(u"cut"));
    cut.after = truncated_to(8, sz(u"longer than that"));
    Change secret = value_change(sz(u"old"), sz(u"new"));
    secret.before = redacted(ValueType::sz, 4);
    secret.after = redacted(ValueType::sz, 16);
    return {
        {"kind-value-created", value_change(std::nullopt, sz(u"new"))},
        {"kind-value-changed", value_change(sz(u"old"), sz(u"new"))},
        {"kind-value-of-another-type", value_change(sz(u"1"), dword(1))},
        {"kind-value-deleted", value_change(dword(1), std::nullopt)},
        {"kind-default-value", unnamed},
        {"kind-key-created", key_change(DifferenceKind::key_created)},
        {"kind-key-deleted", key_change(DifferenceKind::key_deleted)},
        {"kind-key-renamed", renamed_key(u"Walk")},
        {"kind-key-security-changed", security_change("O:BAG:SY", "O:BAG:SYD:(A;;KA;;;WD)")},
        {"kind-little-is-known", bare},
        {"kind-value-of-a-user", users},
        {"kind-value-truncated", cut},
        {"kind-value-redacted", secret},
    };
}

std::vector<Sample> of_every_type() {
    std::vector<Sample> samples;
    for (std::uint32_t number = 0; number <= 12; ++number) {
        const auto type = static_cast<ValueType>(number);
        samples.push_back(created("type-" + name_of(type) + "-without-data", {type, {}}));
        samples.push_back(
            created("type-" + name_of(type) + "-of-three-bytes", {type, {0x41, 0, 0x42}}));
    }
    samples.push_back(created("type-REG_SZ", sz(u"C:\\Temp\\u.exe")));
    samples.push_back(created("type-REG_SZ-without-its-end", raw_text(ValueType::sz, u"abc")));
    samples.push_back(created("type-REG_EXPAND_SZ",
                              raw_text(ValueType::expand_sz, std::u16string(u"%TEMP%\\x\0", 9))));
    samples.push_back(created("type-REG_MULTI_SZ", multi_sz({u"one", u"three, \"quoted\""})));
    samples.push_back(
        created("type-REG_LINK", raw_text(ValueType::link, u"\\REGISTRY\\MACHINE\\X")));
    samples.push_back(created("type-REG_DWORD", dword(0xD3D)));
    samples.push_back(
        created("type-REG_DWORD_BIG_ENDIAN", {ValueType::dword_big_endian, {0, 0, 0x0D, 0x3D}}));
    samples.push_back(created("type-REG_QWORD", qword(0x123456789A)));
    samples.push_back(created("type-REG_QWORD-beyond-signed", qword(0xFFFFFFFF00000001)));
    samples.push_back(created("type-REG_BINARY", binary({0xDE, 0xAD, 0xBE, 0xEF})));
    samples.push_back(created("type-unknown", {static_cast<ValueType>(0xABCD), {1, 2}}));
    return samples;
}

// What somebody might write to deceive whoever reads it: as name of key and value, and as data.
std::vector<Sample> hostile() {
    const std::pair<std::string, std::u16string> texts[] = {
        {"control-characters", u"a\r\nFake: x\t\u001B[31m\u007F"},
        {"bidi-overrides", u"\u202Egpj.exe\u2066\u2069\u200B"},
        {"lone-surrogates", {u'a', char16_t{0xD800}, u'b', char16_t{0xDC00}}},
        {"nul", std::u16string(u"a\0behind", 8)},
        {"shell", u"\";-- & calc %0 %1 %%PATH%% $(x) `x`"},
    };
    std::vector<Sample> samples;
    for (const auto& [name, text] : texts) {
        Change change = value_change(sz(u"old"), sz(text));
        change.value_name = text;
        change.key.subkey.append(u"\\").append(text);
        samples.push_back({"hostile-" + name, change});
    }
    return samples;
}

std::vector<Sample> all_samples() {
    std::vector<Sample> all = of_every_kind();
    for (auto& samples : {of_every_type(), hostile()})
        all.insert(all.end(), samples.begin(), samples.end());
    return all;
}

// What collectors index, and what Event Viewer shows.
std::string event_of(const Change& change) {
    const EventEntry entry = event_entry(change);
    std::string text = "event " + std::to_string(static_cast<unsigned>(entry.id)) + "\n";
    for (std::size_t i = 0; i < entry.inserts.size(); ++i)
        text += "%" + std::to_string(i + 1) + " " + to_wtf8(entry.inserts[i]) + "\n";
    return text + "\n" + to_wtf8(render(entry)) + "\n";
}

std::string line_of(const Change& change) { return to_json_line(change, {"SRV01"}) + "\n"; }

TEST_CASE("the record and the event of every kind and type are as they were reviewed", "[golden]") {
    const bool writes = std::getenv("REGWATCH_WRITE_GOLDEN") != nullptr;
    if (writes) std::filesystem::create_directories(kFolder);
    std::set<std::string> names;
    for (const auto& [name, change] : all_samples()) {
        for (const auto& [file, text] : {std::pair(name + ".json", line_of(change)),
                                         std::pair(name + ".txt", event_of(change))}) {
            REQUIRE(names.insert(file).second);
            if (writes) std::ofstream(kFolder / file, std::ios::binary) << text;
            INFO(
                "where the new text is right, run 'REGWATCH_WRITE_GOLDEN=1 regwatch-unit [golden]' "
                "and "
                "review what git shows of tests/unit/golden");
            CAPTURE(file);
            CHECK(text == (std::filesystem::exists(kFolder / file) ? read_text(kFolder / file)
                                                                   : std::string()));
        }
    }
    for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
        INFO("no sample is of the name of " << entry.path().filename());
        CHECK(names.contains(entry.path().filename().string()));
    }
}

TEST_CASE("no kind of change and no type of data is without a sample", "[golden]") {
    std::set<EventId> ids;
    std::set<std::uint32_t> types;
    for (const auto& [name, change] : all_samples()) {
        ids.insert(event_entry(change).id);
        if (change.after) types.insert(static_cast<std::uint32_t>(change.after->type));
    }
    for (const EventKind& kind : all_event_kinds()) {
        CAPTURE(kind.name);
        CHECK(ids.contains(kind.id) == (kind.category == EventCategory::change));
    }
    for (std::uint32_t type = 0; type <= static_cast<std::uint32_t>(ValueType::qword); ++type) {
        CAPTURE(type);
        CHECK(types.contains(type));
    }
}

// A viewer that shows the line as it is shows nothing that is not there, and stays on one line.
TEST_CASE("a record is printable ASCII, whatever is in the registry", "[golden]") {
    for (const auto& [name, change] : all_samples()) {
        CAPTURE(name);
        for (const char c : to_json_line(change, {"SRV01"})) {
            if (c < 0x20 || c > 0x7E) FAIL_CHECK("it has a byte of value " << (c & 0xFF));
        }
    }
}

}  // namespace
}  // namespace regwatch
