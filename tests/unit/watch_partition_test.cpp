#include "watch/partition.h"

#include <catch2/catch_test_macros.hpp>

#include <memory>

#include "support/samples.h"

using namespace regwatch;

namespace {

// A key with `children` subkeys, each with `leaves` of its own.
Snapshot tree(int children, int leaves) {
    Snapshot key;
    for (int i = 0; i < children; ++i) {
        auto below = std::make_shared<Snapshot>(leaves == 0 ? Snapshot() : tree(leaves, 0));
        key.subkeys.push_back(
            {std::u16string(1, static_cast<char16_t>(u'a' + i)), WallTime{}, std::move(below)});
    }
    return key;
}

std::u16string plan(const Snapshot& key, std::size_t max_keys,
                    const std::vector<Part>& present = {}) {
    std::u16string text;
    for (const Part& part : plan_parts(key, max_keys, present)) {
        text += part.path + (part.scope == Scope::key ? u"- " : u"+ ");
    }
    return text;
}

}  // namespace

TEST_CASE("a subtree within the limit is one part") {
    CHECK(plan(Snapshot(), 10) == u"+ ");
    CHECK(plan(tree(2, 4), 11) == u"+ ");
}

TEST_CASE("a larger one is divided at its subkeys, and these again where they are large") {
    CHECK(plan(tree(2, 4), 10) == u"- a+ b+ ");
    Snapshot deep;
    deep.subkeys.push_back({u"x", WallTime{}, std::make_shared<Snapshot>(tree(2, 4))});
    CHECK(plan(deep, 10) == u"- x- x\\a+ x\\b+ ");
}

TEST_CASE("a key with many small subkeys is not divided") {
    CHECK(plan(tree(20, 0), 10) == u"+ ");
    CHECK(plan(tree(8, 1), 10) == u"+ ");
}

TEST_CASE("what is divided stays so until it has shrunk to half the limit") {
    const std::vector<Part> present = {
        {u"", Scope::key}, {u"a", Scope::subtree}, {u"b", Scope::subtree}};
    CHECK(plan(tree(2, 4), 20, present) == u"- a+ b+ ");
    CHECK(plan(tree(2, 4), 22, present) == u"+ ");
}

TEST_CASE("links and keys that may not be read are no parts") {
    Snapshot key = tree(2, 4);
    key.subkeys[0].below = nullptr;
    Snapshot link;
    link.values = {{u"SymbolicLinkValue", {ValueType::link, {1, 0}}}};
    key.subkeys.push_back({u"c", WallTime{}, std::make_shared<Snapshot>(link)});
    CHECK(plan(key, 6, {{u"", Scope::key}}) == u"+ ");
    key = tree(3, 9);
    key.subkeys[0].below = nullptr;
    key.subkeys[1].below = std::make_shared<Snapshot>(link);
    CHECK(plan(key, 12, {{u"", Scope::key}}) == u"- c+ ");
    // Of any other name it is a value like others, in a key like others.
    link.values = {{u"v", {ValueType::link, {1, 0}}}};
    key.subkeys[1].below = std::make_shared<Snapshot>(link);
    CHECK(plan(key, 12, {{u"", Scope::key}}) == u"- b+ c+ ");
}
