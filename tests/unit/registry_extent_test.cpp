// Two looks that do not look at the same.
#include "registry/extent.h"

#include <catch2/catch_test_macros.hpp>

#include "state/extent_text.h"
#include "support/samples.h"

namespace regwatch::test {
namespace {

const ConcealingKey kKey = ConcealingKey::drawn();

Extent extent(Selection selection = {}) {
    const bool redacts = !selection.redact.empty();
    return {true, false, std::move(selection), redacts ? kKey.id() : std::string()};
}

Snapshot key_with(std::vector<Value> values) {
    Snapshot key;
    key.values = ValueList(values);
    return key;
}

std::vector<Difference> since(const Snapshot& before, const Extent& had, const Snapshot& now,
                              const Extent& has) {
    return diff_since(&before, had, &now, has, kKey, Renamed::told);
}

TEST_CASE("what only one of two selections sees neither came nor went") {
    Snapshot all = key_with({{u"Name", dword(1)}, {u"Time", dword(2)}});
    all.subkeys.push_back({u"Cache", {}, std::make_shared<Snapshot>(key_with({{u"v", dword(3)}}))});
    Selection some;
    some.exclude_values = {u"Time"};
    some.exclude_subkeys = {PathPattern(u"Cache")};
    const Snapshot part = within(all, kSelectAll, some, kKey);
    REQUIRE(part.values.size() == 1);
    REQUIRE(part.subkeys.empty());
    CHECK(since(all, extent(), part, extent(some)).empty());
    CHECK(since(part, extent(some), all, extent()).empty());

    const Snapshot changed = key_with({{u"Name", dword(9)}, {u"Time", dword(8)}});
    const auto differences = since(part, extent(some), changed, extent());
    REQUIRE(differences.size() == 1);
    CHECK(differences[0].value_name == u"Name");
    CHECK_FALSE(differences[0].concealed);
}

TEST_CASE("a value that is redacted from now on, or no longer, is compared and stays unseen") {
    Selection redacting;
    redacting.redact = {u"*secret*"};
    const Snapshot plain = key_with({{u"MySecret", sz(u"1234")}});
    const Snapshot hidden = within(plain, kSelectAll, redacting, kKey);
    CHECK(since(plain, extent(), hidden, extent(redacting)).empty());
    CHECK(since(hidden, extent(redacting), plain, extent()).empty());

    const Snapshot other = key_with({{u"MySecret", sz(u"4321")}});
    const auto differences = since(hidden, extent(redacting), other, extent());
    REQUIRE(differences.size() == 1);
    CHECK(differences[0].concealed);
    CHECK_FALSE(*differences[0].after == sz(u"4321"));
}

TEST_CASE("under two keys redacted data has changed when its type or size has") {
    Selection redacting;
    redacting.redact = {u"s"};
    const auto hidden = [&](const ValueData& data, const ConcealingKey& key) {
        return within(key_with({{u"s", data}}), kSelectAll, redacting, key);
    };
    const ConcealingKey earlier = ConcealingKey::drawn();
    Extent had = extent(redacting);
    had.concealed_with = earlier.id();
    const Extent has = extent(redacting);
    CHECK(since(hidden(sz(u"1234"), earlier), had, hidden(sz(u"1234"), kKey), has).empty());
    CHECK(since(hidden(sz(u"1234"), earlier), had, hidden(sz(u"12345"), kKey), has).size() == 1);
    CHECK(since(hidden(sz(u"1234"), kKey), has, hidden(sz(u"4321"), kKey), has).size() == 1);
}

TEST_CASE("an extent comes out of its text as it went in, and others have other texts") {
    Extent full = extent();
    full.security = true;
    full.concealed_with = "0123456789abcdef";
    full.selection.max_depth = 7;
    full.selection.include_subkeys = {PathPattern(u"**\\In side")};
    full.selection.exclude_subkeys = {PathPattern(u"Out\\*"), PathPattern(u"\u00E4")};
    full.selection.include_values = {u"a b", u"(Default)"};
    full.selection.exclude_values = {u"*Time"};
    full.selection.redact = {u"*Pass*"};
    CHECK(parse_extent(to_text(full)) == full);
    CHECK(parse_extent(to_text(Extent{})) == Extent{});
    CHECK(to_text(Extent{}).empty());
    CHECK(to_text(full) != to_text(extent()));
}

}  // namespace
}  // namespace regwatch::test
