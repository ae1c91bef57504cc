#include "registry/diff.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>

#include "support/apply.h"
#include "support/samples.h"

using namespace regwatch;
using namespace regwatch::test;

namespace {

using Kind = DifferenceKind;

Subkey subkey(std::u16string name, Snapshot below) {
    const WallTime last_write = below.last_write;
    return {std::move(name), last_write, std::make_shared<Snapshot>(std::move(below))};
}

// "+k\  =k\v  -k\v  -k\": one word per difference, in order.
std::u16string summary(const std::vector<Difference>& differences) {
    std::u16string text;
    for (const Difference& difference : differences) {
        if (!text.empty()) text += u"  ";
        if (difference.kind == Kind::key_renamed) {
            text += u">" + difference.key + u"\\" + difference.new_name;
            continue;
        }
        const bool is_value = is_about_a_value(difference.kind);
        text += difference.kind == Kind::value_set     ? u"="
                : difference.kind == Kind::key_created ? u"+"
                                                       : u"-";
        text += difference.key + u"\\" + (is_value ? difference.value_name : u"");
    }
    return text;
}

Snapshot tree() {
    Snapshot inner;
    inner.last_write = WallTime{WallTicks{30}};
    inner.values = {{u"x", dword(1)}};
    Snapshot middle;
    middle.last_write = WallTime{WallTicks{20}};
    middle.values = {{u"", sz(u"default")}};
    middle.subkeys.push_back(subkey(u"inner", std::move(inner)));
    Snapshot top;
    top.last_write = WallTime{WallTicks{10}};
    top.values = {{u"a", dword(1)}, {u"b", dword(2)}};
    top.subkeys.push_back(subkey(u"middle", std::move(middle)));
    return top;
}

// A small alphabet, so that the trees of a pair share many of their names.
Snapshot random_tree(std::mt19937& random, int depth) {
    static const std::u16string kNames[] = {
        u"", u"a", u"A", u"b", u"\u00E9", std::u16string(u"a\0", 2), {char16_t{0xD800}}, u"z"};
    Snapshot snapshot;
    snapshot.last_write = WallTime{WallTicks{static_cast<std::int64_t>(random() % 1000 + 1)}};
    std::vector<Value> values;
    for (const std::u16string& name : kNames) {
        if (random() % 2 == 0) {
            const ValueData data =
                random() % 2 == 0 ? dword(static_cast<std::uint32_t>(random() % 2)) : sz(u"x");
            values.push_back({name, data});
        }
        if (depth > 0 && !name.empty() && random() % 3 == 0) {
            snapshot.subkeys.push_back(subkey(name, random_tree(random, depth - 1)));
        }
    }
    snapshot.values = values;
    snapshot.sort();
    return snapshot;
}

// To change it: what is below a subkey is shared, so a fresh one takes its place.
Snapshot& own_below(Subkey& subkey) {
    auto own = std::make_shared<Snapshot>(*subkey.below);
    Snapshot& below = *own;
    subkey.below = std::move(own);
    return below;
}

struct Flat {
    std::map<std::pair<std::u16string, std::u16string>, ValueData> values;
    std::set<std::u16string> keys;
};

void flatten(const Snapshot* key, const std::u16string& path, Flat& flat) {
    if (!key) return;
    flat.keys.insert(path);
    for (const Value& value : key->values) flat.values[{path, value.name}] = value.data;
    for (const Subkey& below : key->subkeys) {
        flatten(below.below.get(), path + u"\\" + below.name, flat);
    }
}

// How many facts tell the two apart, counted without looking at how diff() works.
std::size_t distance(const Snapshot* before, const Snapshot* after) {
    Flat was;
    Flat is;
    flatten(before, u"", was);
    flatten(after, u"", is);
    std::size_t count = 0;
    for (const auto& [name, data] : was.values) count += is.values.count(name) == 0;
    for (const auto& [name, data] : is.values) {
        const auto old = was.values.find(name);
        count += old == was.values.end() || old->second != data;
    }
    for (const std::u16string& key : was.keys) count += is.keys.count(key) == 0;
    for (const std::u16string& key : is.keys) count += was.keys.count(key) == 0;
    return count;
}

void check_pair(const std::optional<Snapshot>& before, const std::optional<Snapshot>& after) {
    const Snapshot* was = before ? &*before : nullptr;
    const Snapshot* is = after ? &*after : nullptr;
    const std::vector<Difference> differences = diff(was, is);
    // A renaming stands for the deletions and the creations of a whole key.
    const bool has_renames = std::any_of(
        differences.begin(), differences.end(),
        [](const Difference& difference) { return difference.kind == Kind::key_renamed; });
    if (has_renames) {
        REQUIRE(differences.size() < distance(was, is));
    } else {
        REQUIRE(differences.size() == distance(was, is));
    }

    std::optional<Snapshot> start;
    if (was) start = *was;
    Result<std::optional<Snapshot>> end = test::apply(std::move(start), differences);
    if (!end) FAIL(end.error().text());
    REQUIRE(end->has_value() == after.has_value());
    if (is) REQUIRE(has_same_content(**end, *is));
}

}  // namespace

TEST_CASE("applying the differences of any two trees to the first gives the second") {
    for (unsigned seed = 1; seed <= 400; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        std::optional<Snapshot> before;
        std::optional<Snapshot> after;
        if (random() % 10 != 0) before = random_tree(random, 3);
        if (random() % 10 != 0) after = random_tree(random, 3);
        check_pair(before, after);
    }
}

TEST_CASE("a list of differences in the wrong order cannot be applied") {
    std::vector<Difference> differences = diff(nullptr, std::make_unique<Snapshot>(tree()).get());
    REQUIRE(differences.size() > 2);
    std::swap(differences[0], differences[1]);
    CHECK_FALSE(test::apply(std::nullopt, differences));
}

TEST_CASE("equal trees have no difference, whenever they were written") {
    const Snapshot before = tree();
    Snapshot after = tree();
    after.last_write = WallTime{WallTicks{99}};
    own_below(after.subkeys[0]).last_write = WallTime{WallTicks{99}};
    CHECK(diff(&before, &after).empty());
    CHECK(diff(nullptr, nullptr).empty());
}

TEST_CASE("a value that is set carries its old and its new data and the time of writing") {
    const Snapshot before = tree();
    Snapshot after = tree();
    after.last_write = WallTime{WallTicks{77}};
    after.values = {{u"a", dword(1)}, {u"b", sz(u"two")}, {u"c", dword(3)}};
    const std::vector<Difference> differences = diff(&before, &after);
    REQUIRE(differences.size() == 2);
    CHECK(differences[0] ==
          Difference{Kind::value_set, u"", u"b", dword(2), sz(u"two"), WallTime{WallTicks{77}}});
    CHECK(differences[1] ==
          Difference{Kind::value_set, u"", u"c", std::nullopt, dword(3), WallTime{WallTicks{77}}});
}

TEST_CASE("a value that is deleted carries its old data") {
    const Snapshot before = tree();
    Snapshot after = tree();
    after.values = {{u"b", dword(2)}};
    const std::vector<Difference> differences = diff(&before, &after);
    REQUIRE(differences.size() == 1);
    CHECK(differences[0] == Difference{Kind::value_deleted, u"", u"a", dword(1), std::nullopt,
                                       WallTime{WallTicks{10}}});
}

TEST_CASE("a change of the type alone is a difference") {
    Snapshot before;
    before.values = {{u"v", raw_text(ValueType::sz, u"x")}};
    Snapshot after;
    after.values = {{u"v", raw_text(ValueType::expand_sz, u"x")}};
    CHECK(summary(diff(&before, &after)) == u"=\\v");
}

TEST_CASE("a name that changes its case is a deletion and a creation") {
    Snapshot before;
    before.values = {{u"name", dword(1)}};
    Snapshot after;
    after.values = {{u"NAME", dword(1)}};
    CHECK(summary(diff(&before, &after)) == u"=\\NAME  -\\name");
}

TEST_CASE("a key that appears comes before all that is in it") {
    const Snapshot after = tree();
    const std::vector<Difference> differences = diff(nullptr, &after);
    CHECK(summary(differences) ==
          u"+\\  =\\a  =\\b  +middle\\  =middle\\  +middle\\inner\\  =middle\\inner\\x");
    CHECK(differences[0].last_write == WallTime{WallTicks{10}});
    CHECK(differences[3].last_write == WallTime{WallTicks{20}});
    CHECK(differences[6].last_write == WallTime{WallTicks{30}});
}

TEST_CASE("a key that vanishes comes after all that was in it") {
    const Snapshot before = tree();
    const std::vector<Difference> differences = diff(&before, nullptr);
    CHECK(summary(differences) ==
          u"-\\a  -\\b  -middle\\  -middle\\inner\\x  -middle\\inner\\  -middle\\  -\\");
    for (const Difference& difference : differences) {
        CHECK(difference.last_write == WallTime{});
        CHECK_FALSE(difference.after);
    }
    CHECK(differences[2].before == sz(u"default"));
}

TEST_CASE("differences of a subkey have its path") {
    const Snapshot before = tree();
    Snapshot after = tree();
    Snapshot& inner = own_below(own_below(after.subkeys[0]).subkeys[0]);
    inner.values = {{u"x", dword(5)}};
    inner.last_write = WallTime{WallTicks{88}};
    const std::vector<Difference> differences = diff(&before, &after);
    CHECK(summary(differences) == u"=middle\\inner\\x");
    CHECK(differences[0].last_write == WallTime{WallTicks{88}});
}

TEST_CASE("subkeys that no look went into appear and vanish by name") {
    Snapshot before;
    before.subkeys.push_back({u"old", WallTime{}, nullptr});
    before.subkeys.push_back({u"same", WallTime{}, nullptr});
    Snapshot after;
    after.subkeys.push_back({u"new", WallTime{WallTicks{3}}, nullptr});
    after.subkeys.push_back({u"same", WallTime{WallTicks{4}}, nullptr});
    const std::vector<Difference> differences = diff(&before, &after);
    CHECK(summary(differences) == u"+new\\  -old\\");
    CHECK(differences[0].last_write == WallTime{WallTicks{3}});
}

TEST_CASE("nothing is said about a subkey that only one of the looks went into") {
    const Snapshot deep = tree();
    Snapshot flat = tree();
    flat.subkeys[0].below = nullptr;
    CHECK(diff(&deep, &flat).empty());
    CHECK(diff(&flat, &deep).empty());
}

namespace {

Snapshot with_subkeys(std::initializer_list<std::pair<const char16_t*, std::uint32_t>> subkeys) {
    Snapshot parent;
    for (const auto& [name, data] : subkeys) {
        Snapshot key;
        key.values = {{u"v", dword(data)}};
        parent.subkeys.push_back(subkey(name, std::move(key)));
    }
    return parent;
}

}  // namespace

TEST_CASE("a key that is there again under another name with all that is in it was renamed") {
    const Snapshot before = with_subkeys({{u"a", 1}, {u"b", 2}});
    const Snapshot after = with_subkeys({{u"b", 2}, {u"c", 1}});
    CHECK(summary(diff(&before, &after)) == u">a\\c");
}

TEST_CASE("a renaming is only told when the content proves it") {
    const Snapshot before = with_subkeys({{u"a", 1}});
    const Snapshot other = with_subkeys({{u"c", 2}});
    CHECK(summary(diff(&before, &other)) == u"-a\\v  -a\\  +c\\  =c\\v");

    // Of two that are equal nobody knows which one it was.
    const Snapshot twice = with_subkeys({{u"c", 1}, {u"d", 1}});
    CHECK(summary(diff(&before, &twice)) == u"-a\\v  -a\\  +c\\  =c\\v  +d\\  =d\\v");
    CHECK(summary(diff(&twice, &before)) == u"+a\\  =a\\v  -c\\v  -c\\  -d\\v  -d\\");

    Snapshot empty_before;
    empty_before.subkeys.push_back(subkey(u"a", {}));
    Snapshot empty_after;
    empty_after.subkeys.push_back(subkey(u"b", {}));
    CHECK(summary(diff(&empty_before, &empty_after)) == u"-a\\  +b\\");

    // Equal as far as it was read says nothing about the rest.
    Snapshot flat_before = with_subkeys({{u"a", 1}});
    own_below(flat_before.subkeys[0]).subkeys.push_back({u"unread", WallTime{}, nullptr});
    Snapshot flat_after = with_subkeys({{u"b", 1}});
    own_below(flat_after.subkeys[0]).subkeys.push_back({u"unread", WallTime{}, nullptr});
    CHECK(diff(&flat_before, &flat_after).size() == 6);
}

TEST_CASE("security is compared where both looks know it") {
    const auto with_security = [](const char* sddl) {
        Snapshot snapshot = with_subkeys({{u"k", 1}});
        Snapshot& key = own_below(snapshot.subkeys[0]);
        if (sddl != nullptr) key.security = std::make_shared<const std::string>(sddl);
        return snapshot;
    };
    const Snapshot unknown = with_security(nullptr);
    const Snapshot admins = with_security("O:BA");
    const Snapshot system = with_security("O:SY");
    const std::vector<Difference> differences = diff(&admins, &system);
    REQUIRE(differences.size() == 1);
    CHECK(differences[0].kind == Kind::security_changed);
    CHECK(differences[0].key == u"k");
    CHECK(differences[0].security_before == "O:BA");
    CHECK(differences[0].security_after == "O:SY");
    CHECK(diff(&admins, &admins).empty());
    CHECK(diff(&unknown, &system).empty());
    CHECK(diff(&system, &unknown).empty());

    const std::vector<Difference> created = diff(nullptr, &admins);
    CHECK(created[1].security_after == "O:BA");
    const std::vector<Difference> deleted = diff(&admins, nullptr);
    CHECK(deleted[1].security_before == "O:BA");
}
