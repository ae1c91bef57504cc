// The store: the same suite for the one in SQLite, the one in memory, and one that could fail.
#include <catch2/catch_test_macros.hpp>

#include "contract/store_bench.h"

namespace regwatch::test {

using namespace std::chrono_literals;

TEST_CASE("a baseline is read back as it was written, whatever the names and data") {
    for_each_store([](Store& store) {
        REQUIRE_FALSE(store.baseline(kWatch, kKey).value().has_value());
        std::mt19937 random(1);
        for (int i = 0; i < 20; ++i) {
            const Snapshot tree = random_tree(random, 3);
            REQUIRE(put(store, &tree, BaselineUpdate::Write::whole));
            check_baseline(store, &tree);
            CHECK(store.baseline(kWatch, kKey).value()->seen == kSeen);
        }
        REQUIRE(put(store, nullptr, BaselineUpdate::Write::whole));
        check_baseline(store, nullptr);
    });
}

TEST_CASE("differences lead to the same baseline as writing the whole of it") {
    for_each_store([](Store& store) {
        std::mt19937 random(2);
        std::optional<Snapshot> last;
        REQUIRE(put(store, nullptr, BaselineUpdate::Write::whole));
        for (int i = 0; i < 60; ++i) {
            std::optional<Snapshot> next;
            if (random() % 8 != 0) next = random_tree(random, 3);
            const Snapshot* const now = next ? &*next : nullptr;
            const auto differences = diff(last ? &*last : nullptr, now);
            REQUIRE(put(store, now, BaselineUpdate::Write::differences, differences));
            check_baseline(store, now);
            last = std::move(next);
        }
    });
}

TEST_CASE("differences of a key without a baseline write the whole of it") {
    for_each_store([](Store& store) {
        std::mt19937 random(3);
        const Snapshot tree = random_tree(random, 3);
        REQUIRE(put(store, &tree, BaselineUpdate::Write::differences, {}));
        check_baseline(store, &tree);
    });
}

TEST_CASE("a look without differences only moves the time at which the key was seen") {
    for_each_store([](Store& store) {
        std::mt19937 random(4);
        const Snapshot tree = random_tree(random, 2);
        REQUIRE(put(store, &tree, BaselineUpdate::Write::whole));
        REQUIRE(put(store, &tree, BaselineUpdate::Write::seen, {}, kSeen + 5s));
        check_baseline(store, &tree);
        const auto names = store.baselines();
        REQUIRE(names);
        REQUIRE(names->size() == 1);
        CHECK(names->front().watch == kWatch);
        CHECK(names->front().key == kKey);
        CHECK(names->front().exists);
        CHECK(names->front().seen == kSeen + 5s);
        REQUIRE(store.forget(kWatch, kKey));
        CHECK_FALSE(store.baseline(kWatch, kKey).value().has_value());
        CHECK(store.baselines()->empty());
    });
}

TEST_CASE("a baseline of another extent is written as a whole, whatever the look says") {
    for_each_store([](Store& store) {
        std::mt19937 random(6);
        const Snapshot tree = random_tree(random, 2);
        REQUIRE(put(store, &tree, BaselineUpdate::Write::whole));
        Snapshot less;
        less.last_write = tree.last_write;
        Extent extent;
        extent.selection.include_values = {u"nothing of it"};
        extent.concealed_with = "0123456789abcdef";
        StoreBatch batch;
        batch.baseline.push_back(
            {&kWatch, &kKey, kSeen, BaselineUpdate::Write::seen, &less, {}, extent});
        REQUIRE(store.commit(batch));
        check_baseline(store, &less);
        CHECK(store.baseline(kWatch, kKey).value()->extent == extent);
    });
}

TEST_CASE("what is owed to an action comes in order, and is gone when it was delivered") {
    for_each_store([](Store& store) {
        record(store, {numbered(1), numbered(2)}, {"log", "mail"});
        record(store, {numbered(3)}, {"log"});
        CHECK(numbers(store.pending("log", 0, 10)) == Numbers{1, 2, 3});
        CHECK(numbers(store.pending("log", 1, 1)) == Numbers{2});
        CHECK(numbers(store.pending("mail", 0, 10)) == Numbers{1, 2});
        StoreBatch batch;
        batch.delivered = {{"log", 2}, {"log", 99}, {"nobody", 1}};
        REQUIRE(store.commit(batch));
        CHECK(numbers(store.pending("log", 0, 10)) == Numbers{1, 3});
        CHECK(numbers(store.pending("mail", 0, 10)) == Numbers{1, 2});
        CHECK(store.counts()->pending == 4);
        CHECK(store.counts()->changes == 3);
    });
}

TEST_CASE("a number is given once, and a change that comes again under its own is the same one") {
    for_each_store([](Store& store) {
        record(store, {numbered(1), numbered(2), numbered(3)}, {"log"});
        record(store, {numbered(2)}, {"log"});
        CHECK(numbers(store.history({})) == Numbers{1, 2, 3});
        CHECK(store.open()->last_sequence == 3);

        Change other = value_change(dword(7), dword(8));
        other.sequence = 2;
        other.id = "another";
        const std::vector<std::string> actions = {"log"};
        CHECK_FALSE(store.commit(
            {{},
             {{numbered(4), &actions}, {std::make_shared<const Change>(other), &actions}},
             {}}));
        CHECK(numbers(store.history({})) == Numbers{1, 2, 3});
        CHECK(numbers(store.pending("log", 0, 10)) == Numbers{1, 2, 3});
        CHECK(store.history({})->at(1)->id == "id-2");
        REQUIRE(store.open());
        record(store, {numbered(4)}, {"log"});
        CHECK(store.open()->last_sequence == 4);
    });
}

TEST_CASE("a change comes out of the history as it went in") {
    for_each_store([](Store& store) {
        Change change = value_change(binary({}), raw_text(ValueType::sz, u"odd\0"));
        change.sequence = 5;
        change.key = {Root::users, u"S-1-5\\\U0001F600\xD800", View::bits32};
        change.value_name = std::u16string(u"nul\0name", 8);
        change.detection = Detection::startup;
        const auto original = std::make_shared<const Change>(change);
        Change key = key_change(DifferenceKind::key_deleted);
        key.sequence = 6;
        key.tags.clear();
        record(store, {original, std::make_shared<const Change>(key)}, {});
        const auto all = store.history({});
        REQUIRE(all);
        REQUIRE(all->size() == 2);
        const Change& read = *all->front();
        CHECK(read.id == change.id);
        CHECK(read.kind == change.kind);
        CHECK(read.key == change.key);
        CHECK(read.value_name == change.value_name);
        CHECK(read.before == change.before);
        CHECK(read.after == change.after);
        CHECK(read.detection == change.detection);
        CHECK(read.detected_at == change.detected_at);
        CHECK(read.not_before == change.not_before);
        CHECK(read.key_last_write == change.key_last_write);
        CHECK(read.watch == change.watch);
        CHECK(read.tags == change.tags);
        CHECK(read.techniques == change.techniques);
        CHECK(read.severity == change.severity);
        CHECK(all->back()->kind == DifferenceKind::key_deleted);
        CHECK_FALSE(all->back()->before);
        CHECK(all->back()->tags.empty());
    });
}

TEST_CASE("the history is asked by time, watch, key, kind and id") {
    for_each_store([](Store& store) {
        record(store, {numbered(1, kSeen), numbered(2, kSeen + 1s), numbered(3, kSeen + 2s)}, {});
        Change other = key_change(DifferenceKind::key_created);
        other.sequence = 4;
        other.watch = "services";
        other.key.subkey = u"SYSTEM\\Services";
        other.detected_at = kSeen + 3s;
        record(store, {std::make_shared<const Change>(other)}, {});

        HistoryQuery from;
        from.from = kSeen + 1s;
        from.to = kSeen + 3s;
        CHECK(numbers(store.history(from)) == Numbers{2, 3});
        HistoryQuery watch;
        watch.watch = "services";
        CHECK(numbers(store.history(watch)) == Numbers{4});
        HistoryQuery key;
        key.key = u"example\\RUN";
        CHECK(numbers(store.history(key)) == Numbers{1, 2, 3});
        HistoryQuery kind;
        kind.kind = DifferenceKind::key_created;
        CHECK(numbers(store.history(kind)) == Numbers{4});
        HistoryQuery ids;
        ids.ids = {"id-2", "4"};
        CHECK(numbers(store.history(ids)) == Numbers{2, 4});
        HistoryQuery newest;
        newest.limit = 2;
        CHECK(numbers(store.history(newest)) == Numbers{3, 4});
        HistoryQuery after;
        after.after = 3;
        CHECK(numbers(store.history(after)) == Numbers{4});
    });
}

TEST_CASE("what is too old or too much goes, but no change that is still owed") {
    for_each_store([](Store& store) {
        record(store, {numbered(1, kSeen), numbered(2, kSeen + 1s)}, {"log"});
        record(store, {numbered(3, kSeen + 2s), numbered(4, kSeen + 3s)}, {});
        record(store, {numbered(5, kSeen + 4s)}, {"gone"});
        Retention retention;
        retention.oldest_change = kSeen + 3s;
        retention.most_changes = 1;
        retention.oldest_delivery = kSeen + 1s;
        retention.actions = {"log"};
        const auto lost = store.retain(retention);
        REQUIRE(lost);
        REQUIRE(lost->size() == 2);
        CHECK(lost->at(0).action == "gone");
        CHECK(lost->at(0).count == 1);
        CHECK(lost->at(1).action == "log");
        CHECK(lost->at(1).count == 1);
        CHECK(numbers(store.history({})) == Numbers{2, 5});

        record(store, {numbered(6, kSeen + 5s), numbered(7, kSeen + 6s)}, {"log"});
        Retention few;
        few.actions = {"log"};
        few.most_deliveries = 1;
        const auto more = store.retain(few);
        REQUIRE(more);
        REQUIRE(more->size() == 1);
        CHECK(more->front().count == 2);
        CHECK(numbers(store.pending("log", 0, 10)) == Numbers{7});
    });
}

TEST_CASE("a change whose data is not all there says so when it comes back, and whose it was") {
    for_each_store([](Store& store) {
        Change change = value_change(sz(u"x"), sz(u"x"));
        change.sequence = 1;
        change.before = truncated_to(8, sz(u"a text that is longer"));
        change.after = redacted(ValueType::binary, 7);
        change.hive_owner = "HOST\\somebody";
        change.control_set = u"ControlSet001";
        record(store, {std::make_shared<const Change>(change)}, {"log"});
        for (const auto& changes : {store.history({}), store.pending("log", 0, 10)}) {
            REQUIRE(changes);
            REQUIRE(changes->size() == 1);
            const Change& read = *changes->front();
            CHECK(read.before->truncated());
            CHECK(read.before->size == change.before->size);
            CHECK(read.before->bytes == change.before->bytes);
            CHECK(read.before->sha256 == change.before->sha256);
            CHECK(read.after->redacted);
            CHECK(read.after->size == 7);
            CHECK(read.after->type == ValueType::binary);
            CHECK(read.hive_owner == change.hive_owner);
            CHECK(read.control_set == change.control_set);
        }
    });
}

TEST_CASE("what was left out is counted until it was told, in whatever order that is written") {
    for_each_store([](Store& store) {
        const auto count = [&](std::int64_t number, WallTime since, WallTime last,
                               LeftOut why = LeftOut::limited) {
            StoreBatch batch;
            batch.left_out = {{"log", kWatch, why, number, since, last}};
            REQUIRE(store.commit(batch));
        };
        REQUIRE(store.open().value().left_out.empty());
        count(2, kSeen, kSeen + 1s);
        count(3, kSeen + 2s, kSeen + 3s);
        count(1, kSeen + 5s, kSeen + 5s, LeftOut::muted);
        const auto counted = store.open().value().left_out;
        REQUIRE(counted.size() == 2);
        for (const LeftOutCount& one : counted) {
            CHECK(one.action == "log");
            CHECK(one.watch == kWatch);
            CHECK(one.count == (one.why == LeftOut::muted ? 1 : 5));
            CHECK(one.since == (one.why == LeftOut::muted ? kSeen + 5s : kSeen));
            CHECK(one.last == (one.why == LeftOut::muted ? kSeen + 5s : kSeen + 3s));
        }
        // One more is told than was written, which is written later.
        count(-6, kSeen + 6s, kSeen + 6s);
        count(-1, kSeen + 6s, kSeen + 6s, LeftOut::muted);
        CHECK(store.open().value().left_out.empty());
        count(1, kSeen + 4s, kSeen + 4s);
        CHECK(store.open().value().left_out.empty());
        count(1, kSeen + 9s, kSeen + 9s);
        REQUIRE(store.open().value().left_out.size() == 1);
        CHECK(store.open().value().left_out.front().since == kSeen + 9s);
    });
}

}  // namespace regwatch::test
