// Every kind of change and every type of data, as all its renderings write it, compared with a file that
// people review: a field that moves, or a text that changes, shows up there and nowhere else.
//
// With REGWATCH_WRITE_GOLDEN=1 in the environment the file is written anew.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "change/event_entry.h"
#include "change/json.h"
#include "change/line.h"
#include "support/markdown.h"
#include "support/samples.h"
#include "text/utf.h"

namespace regwatch {
namespace {

using namespace test;

const std::filesystem::path kFile =
    std::filesystem::path(REGWATCH_SOURCE_DIR) / "tests" / "unit" / "golden" / "changes.txt";

struct Sample {
    std::string name;
    Change change;
};

Sample created(std::string name, ValueData data) {
    return {std::move(name), value_change(std::nullopt, std::move(data))};
}

std::vector<Sample> of_every_type() {
    std::vector<Sample> samples;
    for (std::uint32_t type = 0; type <= 12; ++type) {
        const auto what = static_cast<ValueType>(type);
        samples.push_back(created(name_of(what) + " without data", {what, {}}));
        samples.push_back(created(name_of(what) + " of three bytes", {what, {0x41, 0, 0x42}}));
    }
    samples.push_back(created("text", sz(u"C:\\Temp\\u.exe")));
    samples.push_back(created("an empty text", sz(u"")));
    samples.push_back(created("a text without its end", raw_text(ValueType::sz, u"abc")));
    samples.push_back(created("a text that is not expanded",
                              raw_text(ValueType::expand_sz, std::u16string(u"%TEMP%\\x\0", 9))));
    samples.push_back(created("a list", multi_sz({u"one", u"", u"three, \"quoted\""})));
    samples.push_back(created("a link", raw_text(ValueType::link, u"\\REGISTRY\\MACHINE\\X")));
    samples.push_back(created("a number", dword(0xD3D)));
    samples.push_back(created("a large number", qword(0xFFFFFFFF00000001)));
    samples.push_back(
        created("a number the other way round", {ValueType::dword_big_endian, {0, 0, 0, 1}}));
    samples.push_back(created("bytes", binary({0xDE, 0xAD, 0xBE, 0xEF})));
    samples.push_back(created("a type nobody knows", {static_cast<ValueType>(0xABCD), {1, 2}}));
    return samples;
}

std::vector<Sample> of_every_kind() {
    std::vector<Sample> samples = {
        {"a value that changes", value_change(sz(u"old"), sz(u"new"))},
        {"a value of another type", value_change(sz(u"1"), dword(1))},
        {"a value that is deleted", value_change(dword(1), std::nullopt)},
        {"a key that is created", key_change(DifferenceKind::key_created)},
        {"a key that is deleted", key_change(DifferenceKind::key_deleted)},
    };
    Change unnamed = value_change(std::nullopt, dword(1));
    unnamed.value_name.clear();
    samples.push_back({"the default value", unnamed});
    Change bare = value_change(dword(1), dword(2));
    bare.watch.clear();
    bare.tags.clear();
    bare.techniques.clear();
    bare.not_before = bare.key_last_write = WallTime{};
    bare.detection = Detection::startup;
    bare.severity = Severity::info;
    bare.key = {Root::users, u"S-1-5-21-1-2-3-1001\\Software\\X", View::bits32};
    samples.push_back({"a change of which little is known", bare});
    return samples;
}

// What somebody might write to deceive whoever reads it.
std::vector<Sample> hostile() {
    const std::u16string_view texts[] = {
        u"& calc",
        u"%0 %1!s! %%PATH%%",
        u"\";--",
        u"line\r\nREGWATCH forged",
        u"\u202Egpj.exe",
        u"\u2066isolated\u2069 \u200Bzero",
        std::u16string_view(u"nul\0behind", 10),
        u"lone \xD800 high \xDC00 low",
        u"\u001B[31mred",
        u"\\\\server\\share/x",
    };
    std::vector<Sample> samples;
    for (const std::u16string_view text : texts) {
        Change change = value_change(sz(u"old"), sz(text));
        change.value_name = text;
        change.key.subkey.append(u"\\").append(text);
        samples.push_back({"hostile: " + readable(text), change});
    }
    Change large = value_change(sz(std::u16string(40'000, u'a')), binary({1}));
    large.value_name = std::u16string(16'000, u'n');
    large.before = sz(std::u16string(9'000, u'\u202E'));
    samples.push_back({"a name of 16,000 and data of 9,000 characters", large});
    return samples;
}

std::string rendered(const Sample& sample) {
    std::string text = "## " + sample.name + "\n\n";
    text += to_json_line(sample.change, {"SRV01"}) + "\n\n";
    text += to_line(sample.change, Colour::never) + "\n\n";
    const EventEntry entry = event_entry(sample.change);
    char id[16];
    std::snprintf(id, sizeof id, "0x%08x", entry.system_id());
    return text + id + "\n" + to_utf8(render(entry)) + "\n\n";
}

std::string all() {
    std::string text = "# What is written for each kind of change: record, line, event\n\n";
    for (const auto& samples : {of_every_kind(), of_every_type(), hostile()}) {
        for (const Sample& sample : samples) text += rendered(sample);
    }
    return text;
}

TEST_CASE("every kind of change is written as it was reviewed", "[golden]") {
    const std::string now = all();
    if (std::getenv("REGWATCH_WRITE_GOLDEN") != nullptr) {
        std::ofstream(kFile, std::ios::binary) << now;
    }
    const std::string reviewed = read_text(kFile);
    const std::vector<std::string> is = lines_of(now);
    const std::vector<std::string> was = lines_of(reviewed);
    for (std::size_t i = 0; i < std::min(is.size(), was.size()); ++i) {
        if (is[i] == was[i]) continue;
        FAIL("line " << i + 1 << " of golden/changes.txt is\n"
                     << was[i] << "\nbut now it is\n"
                     << is[i]);
    }
    CHECK(is.size() == was.size());
}

TEST_CASE("nothing that cannot be seen is in any rendering", "[golden]") {
    const std::u16string text = to_utf16(all());
    for (const char16_t unit : text) {
        const bool is_hidden =
            (unit < 0x20 && unit != u'\n') || unit == 0x7F || (unit >= 0x202A && unit <= 0x202E) ||
            (unit >= 0x2066 && unit <= 0x2069) || (unit >= 0xD800 && unit <= 0xDFFF);
        INFO(static_cast<unsigned>(unit));
        REQUIRE_FALSE(is_hidden);
    }
}

}  // namespace
}  // namespace regwatch
