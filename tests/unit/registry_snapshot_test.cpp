#include "registry/snapshot.h"

#include <catch2/catch_test_macros.hpp>
#include <utility>
#include <vector>

#include "support/apply.h"
#include "support/samples.h"

using namespace regwatch;
using namespace regwatch::test;

namespace {

Subkey undated_subkey(std::u16string name, Snapshot below) {
    return {std::move(name), WallTime{}, std::make_shared<Snapshot>(std::move(below))};
}

std::u16string names(const Snapshot& snapshot) {
    std::u16string text;
    for (const Value& value : snapshot.values) text += value.name + u' ';
    for (const Subkey& key : snapshot.subkeys) text += key.name + u'\\';
    return text;
}

}  // namespace

TEST_CASE("sorting is by unit, with the default value first and capitals before small letters") {
    std::vector<Value> values;
    for (const std::u16string_view name : {u"b", u"", u"a", u"B", u"\uFFFD", u"\U0001F600"}) {
        values.push_back({std::u16string(name), dword(1)});
    }
    Snapshot snapshot;
    snapshot.values = values;
    snapshot.sort();
    // A pair begins with a surrogate, which is less than U+FFFD.
    CHECK(names(snapshot) == u" B a b \U0001F600 \uFFFD ");
}

TEST_CASE("subkeys are sorted with what is below them") {
    Snapshot inner;
    inner.values = {{u"y", dword(2)}};
    Snapshot outer;
    outer.subkeys.push_back(undated_subkey(u"b", std::move(inner)));
    outer.subkeys.push_back({u"a", WallTime{}, nullptr});
    outer.sort();
    CHECK(names(outer) == u"a\\b\\");
    CHECK(names(*outer.subkeys[1].below) == u"y ");
}

TEST_CASE("of entries with one name the last one read is kept") {
    Snapshot snapshot;
    snapshot.values = {{u"b", dword(1)}, {u"a", dword(2)}, {u"b", dword(3)}, {u"b", dword(4)}};
    snapshot.subkeys.push_back(undated_subkey(u"k", {}));
    snapshot.subkeys.push_back({u"k", WallTime{WallTicks{5}}, nullptr});
    snapshot.sort();
    REQUIRE(names(snapshot) == u"a b k\\");
    CHECK(snapshot.values[1].data == dword(4));
    CHECK(snapshot.subkeys[0].last_write == WallTime{WallTicks{5}});
}

TEST_CASE("the last one read is kept in a long list too") {
    std::vector<Value> values;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        values.push_back({i % 2 == 0 ? u"b" : u"a", dword(i)});
    }
    Snapshot snapshot;
    snapshot.values = values;
    snapshot.sort();
    REQUIRE(names(snapshot) == u"a b ");
    CHECK(snapshot.values[0].data == dword(999));
    CHECK(snapshot.values[1].data == dword(998));
}

TEST_CASE("the entries of every depth are counted") {
    CHECK(Snapshot{}.entry_count() == 0);
    Snapshot inner;
    inner.values = {{u"y", dword(1)}, {u"z", dword(2)}};
    Snapshot outer;
    outer.values = {{u"a", dword(1)}};
    outer.subkeys.push_back(undated_subkey(u"b", std::move(inner)));
    outer.subkeys.push_back({u"c", WallTime{}, nullptr});
    CHECK(outer.entry_count() == 5);
}

TEST_CASE("a copy shares what is below and is apart in what is its own") {
    Snapshot inner;
    inner.last_write = WallTime{WallTicks{2}};
    inner.values = {{u"y", dword(1)}};
    Snapshot outer;
    outer.last_write = WallTime{WallTicks{1}};
    outer.values = {{u"x", dword(1)}};
    outer.subkeys.push_back(undated_subkey(u"b", std::move(inner)));

    Snapshot twin = outer;
    CHECK(has_same_content(twin, outer));
    CHECK(twin.last_write == outer.last_write);
    CHECK(twin.subkeys[0].below == outer.subkeys[0].below);

    twin.values = {{u"x", dword(9)}};
    CHECK_FALSE(has_same_content(twin, outer));
}

TEST_CASE("a key is found by its path below another") {
    Snapshot inner;
    inner.values = {{u"y", dword(1)}};
    Snapshot middle;
    middle.subkeys.push_back(undated_subkey(u"c", std::move(inner)));
    middle.subkeys.push_back({u"unread", WallTime{}, nullptr});
    Snapshot outer;
    outer.subkeys.push_back(undated_subkey(u"b", std::move(middle)));
    CHECK(find_key(outer, u"") == &outer);
    REQUIRE(find_key(outer, u"b\\c") != nullptr);
    CHECK(find_key(outer, u"b\\c")->values[0].name == u"y");
    CHECK(find_key(outer, u"b\\unread") == nullptr);
    CHECK(find_key(outer, u"b\\d") == nullptr);
    CHECK(outer.key_count() == 4);
}

TEST_CASE("values in one block are what they were, whatever their names and sizes") {
    const std::vector<Value> values = {
        {u"", {ValueType::none, {}}},
        {std::u16string(u"a\0b", 3), binary({1})},
        {{char16_t{0xD800}}, {static_cast<ValueType>(0xFFFFFFFF), {1, 2, 3}}},
        {std::u16string(16'383, u'n'), {ValueType::binary, Bytes(70'001, std::uint8_t{7})}},
        {u"last", sz(u"text")}};
    const ValueList list(values);
    CHECK(list.size() == values.size());
    CHECK(std::vector<Value>(list.begin(), list.end()) == values);
    CHECK(list == ValueList(values));
    CHECK_FALSE(list == ValueList(std::vector<Value>(values.begin(), values.end() - 1)));
    std::vector<Value> others = values;
    others[1].data = binary({2});
    CHECK_FALSE(list == ValueList(others));
}
