// What of a difference becomes a change, and how much of its data.
#include "state/make_change.h"

#include <catch2/catch_test_macros.hpp>

#include "support/samples.h"
#include "text/sha256.h"

namespace regwatch::test {
namespace {

const KeyPath kKey{Root::local_machine, u"SOFTWARE\\Example", View::bits64};

Difference set(std::u16string key, std::u16string name, std::optional<ValueData> before,
               std::optional<ValueData> after) {
    Difference difference;
    difference.key = std::move(key);
    difference.value_name = std::move(name);
    difference.before = std::move(before);
    difference.after = std::move(after);
    return difference;
}

std::optional<Change> change_of(const WatchSettings& watch, const Difference& difference) {
    FoundState found;
    found.watch = &watch;
    found.key = &kKey;
    return make_change(found, difference);
}

Difference created(std::u16string key) {
    Difference difference;
    difference.kind = DifferenceKind::key_created;
    difference.key = std::move(key);
    return difference;
}

TEST_CASE("a change names the key that changed, and has what the watch adds") {
    WatchSettings watch;
    watch.name = "w";
    watch.tags = {"t"};
    const auto change = change_of(watch, set(u"Sub", u"V", {}, dword(1)));
    REQUIRE(change);
    CHECK(change->key.text() == u"HKLM\\SOFTWARE\\Example\\Sub");
    CHECK(change->watch == "w");
    CHECK(change->tags == watch.tags);
    CHECK(change->after->whole());
}

TEST_CASE("kinds of changes that are not asked for are no changes") {
    WatchSettings watch;
    watch.changes = ChangeKinds::none();
    watch.changes.add(DifferenceKind::key_created);
    CHECK(change_of(watch, created(u"Sub")));
    CHECK_FALSE(change_of(watch, set(u"", u"V", {}, dword(1))));
}

TEST_CASE("keys on the way to those that are wanted come and go unsaid") {
    WatchSettings watch;
    watch.selection.include_subkeys = {PathPattern(u"*\\Run")};
    CHECK_FALSE(change_of(watch, created(u"A")));
    CHECK(change_of(watch, created(u"A\\Run")));
    CHECK(change_of(watch, set(u"", u"V", {}, dword(1))));
}

TEST_CASE("a new name of a key on the way is said, since what is wanted below it goes along") {
    WatchSettings watch;
    watch.selection.include_subkeys = {PathPattern(u"*\\Run")};
    Difference renamed = created(u"A");
    renamed.kind = DifferenceKind::key_renamed;
    renamed.new_name = u"B";
    const auto change = change_of(watch, renamed);
    REQUIRE(change);
    CHECK(change->new_name == u"B");
}

TEST_CASE("of a redacted value only type and size go on, of a long one the first part") {
    WatchSettings watch;
    watch.selection.redact = {u"*secret*"};
    watch.max_value_size = 16;
    std::vector<Value> kept = {{u"MySecret", sz(u"a long password")}};
    watch.selection.keep_wanted(kept);
    const auto hidden = change_of(watch, set(u"", u"MySecret", {}, kept[0].data));
    REQUIRE(hidden);
    CHECK(hidden->after->redacted);
    CHECK(hidden->after->size == 32);
    CHECK(hidden->after->bytes.empty());
    CHECK(hidden->after->sha256.empty());

    const ValueData text = sz(u"a long text");
    const auto cut = change_of(watch, set(u"", u"Open", {}, text));
    REQUIRE(cut);
    CHECK(cut->after->truncated());
    CHECK(cut->after->bytes.size() == 16);
    CHECK(cut->after->sha256 == sha256(text.bytes));
}

}  // namespace
}  // namespace regwatch::test
