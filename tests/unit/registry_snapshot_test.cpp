#include "registry/snapshot.h"

#include <catch2/catch_test_macros.hpp>
#include <utility>

#include "support/apply.h"
#include "support/samples.h"

using namespace regwatch;
using namespace regwatch::test;

namespace {

Subkey subkey(std::u16string name, Snapshot below) {
    return {std::move(name), WallTime{}, std::make_unique<Snapshot>(std::move(below))};
}

std::u16string names(const Snapshot& snapshot) {
    std::u16string text;
    for (const Value& value : snapshot.values) text += value.name + u' ';
    for (const Subkey& key : snapshot.subkeys) text += key.name + u'\\';
    return text;
}

}  // namespace

TEST_CASE("sorting is by unit, with the default value first and capitals before small letters") {
    Snapshot snapshot;
    for (const std::u16string_view name : {u"b", u"", u"a", u"B", u"\uFFFD", u"\U0001F600"}) {
        snapshot.values.push_back({std::u16string(name), dword(1)});
    }
    snapshot.sort();
    // A pair begins with a surrogate, which is less than U+FFFD.
    CHECK(names(snapshot) == u" B a b \U0001F600 \uFFFD ");
}

TEST_CASE("sorting goes to every depth") {
    Snapshot inner;
    inner.values = {{u"z", dword(1)}, {u"y", dword(2)}};
    Snapshot outer;
    outer.subkeys.push_back(subkey(u"b", std::move(inner)));
    outer.subkeys.push_back({u"a", WallTime{}, nullptr});
    outer.sort();
    CHECK(names(outer) == u"a\\b\\");
    CHECK(names(*outer.subkeys[1].below) == u"y z ");
}

TEST_CASE("of entries with one name the last one read is kept") {
    Snapshot snapshot;
    snapshot.values = {{u"b", dword(1)}, {u"a", dword(2)}, {u"b", dword(3)}, {u"b", dword(4)}};
    snapshot.subkeys.push_back(subkey(u"k", {}));
    snapshot.subkeys.push_back({u"k", WallTime{WallTicks{5}}, nullptr});
    snapshot.sort();
    REQUIRE(names(snapshot) == u"a b k\\");
    CHECK(snapshot.values[1].data == dword(4));
    CHECK(snapshot.subkeys[0].last_write == WallTime{WallTicks{5}});
}

TEST_CASE("the last one read is kept in a long list too") {
    Snapshot snapshot;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        snapshot.values.push_back({i % 2 == 0 ? u"b" : u"a", dword(i)});
    }
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
    outer.subkeys.push_back(subkey(u"b", std::move(inner)));
    outer.subkeys.push_back({u"c", WallTime{}, nullptr});
    CHECK(outer.entry_count() == 5);
}

TEST_CASE("a copy is equal and apart") {
    Snapshot inner;
    inner.last_write = WallTime{WallTicks{2}};
    inner.values = {{u"y", dword(1)}};
    Snapshot outer;
    outer.last_write = WallTime{WallTicks{1}};
    outer.subkeys.push_back(subkey(u"b", std::move(inner)));
    outer.subkeys.push_back({u"c", WallTime{WallTicks{3}}, nullptr});

    Snapshot twin = copy(outer);
    CHECK(has_same_content(twin, outer));
    CHECK(twin.last_write == outer.last_write);
    CHECK(twin.subkeys[0].below->last_write == WallTime{WallTicks{2}});
    CHECK(twin.subkeys[1].last_write == WallTime{WallTicks{3}});

    twin.subkeys[0].below->values[0].data = dword(9);
    CHECK_FALSE(has_same_content(twin, outer));
}
