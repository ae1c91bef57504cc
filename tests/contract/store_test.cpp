// The store: the same suite for the one in SQLite and the one in memory, and what only files can suffer.
#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <random>

#include "contract/subject.h"
#include "state/memory_store.h"
#include "state/schema.h"
#include "state/sqlite_store.h"
#include "support/apply.h"
#include "support/faulting_store.h"
#include "support/manual_clock.h"
#include "support/samples.h"

namespace regwatch::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const std::string kWatch = "run-keys";
const KeyPath kKey{Root::local_machine, u"SOFTWARE\\Example", View::bits64};
constexpr WallTime kSeen{WallTicks{16'000'000'000'000'001}};

// A folder for a database that is closed and opened again.
struct Place {
    [[nodiscard]] std::unique_ptr<SqliteStore> store(
        SqliteStore::Access access = SqliteStore::Access::own, std::uint64_t most_pages = 0) {
        return std::make_unique<SqliteStore>(
            SqliteStore::Options{files->scratch_folder() + "state", access, 0, most_pages}, clock);
    }
    [[nodiscard]] std::unique_ptr<SqliteStore> opened() {
        auto made = store();
        REQUIRE(made->open());
        return made;
    }
    [[nodiscard]] fs::path file() const {
        const std::string path = files->scratch_folder() + "state/regwatch.db";
        return fs::path(std::u8string(path.begin(), path.end()));
    }
    [[nodiscard]] std::size_t moved_aside() const {
        std::size_t count = 0;
        for (const auto& entry : fs::directory_iterator(file().parent_path())) {
            count += entry.path().string().find(".damaged-") != std::string::npos ? 1 : 0;
        }
        return count;
    }

    std::unique_ptr<FileSubject> files = make_file_subject();
    ManualClock clock;
};

void for_each_store(const std::function<void(Store&)>& body) {
    SECTION("in SQLite") {
        Place place;
        body(*place.opened());
    }
    SECTION("in memory") {
        MemoryStore store;
        body(store);
    }
    SECTION("one that could fail") {
        MemoryStore store;
        FaultingStore faulting(store);
        body(faulting);
    }
}

Snapshot random_tree(std::mt19937& random, int depth) {
    static const std::u16string kNames[] = {
        u"", u"a", u"A", u"a b", u"a]", u"\u00E9", std::u16string(u"a\0", 2), {char16_t{0xD800}}};
    Snapshot snapshot;
    snapshot.last_write = WallTime{WallTicks{static_cast<std::int64_t>(random() % 1000 + 1)}};
    std::vector<Value> values;
    for (const std::u16string& name : kNames) {
        if (random() % 2 == 0) {
            values.push_back({name, random() % 3 == 0   ? ValueData{ValueType::none, {}}
                                    : random() % 2 == 0 ? dword(random() % 2)
                                                        : sz(u"x")});
        }
        if (depth > 0 && !name.empty() && random() % 3 == 0) {
            Snapshot below = random_tree(random, depth - 1);
            const WallTime last_write = below.last_write;
            snapshot.subkeys.push_back(
                {name, last_write, std::make_shared<Snapshot>(std::move(below))});
        }
    }
    snapshot.values = values;
    snapshot.sort();
    return snapshot;
}

Result<void> put(Store& store, const Snapshot* now, BaselineUpdate::Write write,
                 const std::vector<Difference>& differences = {}, WallTime seen = kSeen) {
    StoreBatch batch;
    batch.baseline.push_back({&kWatch, &kKey, seen, write, now, differences});
    return store.commit(batch);
}

void check_baseline(Store& store, const Snapshot* expected) {
    const auto stored = store.baseline(kWatch, kKey);
    REQUIRE(stored);
    REQUIRE(*stored);
    REQUIRE((*stored)->state.has_value() == (expected != nullptr));
    if (expected != nullptr) CHECK(has_same_content(*(*stored)->state, *expected));
}

SharedChange numbered(std::uint64_t sequence, WallTime at = kSeen) {
    Change change = value_change(dword(1), dword(2));
    change.sequence = sequence;
    change.id = "id-" + std::to_string(sequence);
    change.detected_at = at;
    return std::make_shared<const Change>(std::move(change));
}

void record(Store& store, const std::vector<SharedChange>& changes,
            const std::vector<std::string>& actions) {
    StoreBatch batch;
    for (const SharedChange& change : changes) batch.records.push_back({change, &actions});
    REQUIRE(store.commit(batch));
}

std::vector<std::uint64_t> numbers(const Result<std::vector<SharedChange>>& changes) {
    REQUIRE(changes);
    std::vector<std::uint64_t> all;
    for (const SharedChange& change : *changes) all.push_back(change->sequence);
    return all;
}

using Numbers = std::vector<std::uint64_t>;

std::string content(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void overwrite(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// A database with something in it, closed.
void fill(Place& place) {
    auto store = place.opened();
    std::mt19937 random(7);
    const Snapshot tree = random_tree(random, 4);
    REQUIRE(put(*store, &tree, BaselineUpdate::Write::whole));
    for (std::uint64_t i = 1; i <= 200; ++i) record(*store, {numbered(i)}, {"log"});
}

}  // namespace

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

TEST_CASE("a database has one key to conceal with, and another database another") {
    Place place;
    const auto id_of = [](Store& store) {
        const auto opened = store.open();
        REQUIRE(opened);
        REQUIRE(opened->key);
        return opened->key->id();
    };
    std::string id;
    {
        auto store = place.store();
        id = id_of(*store);
        CHECK(id_of(*store) == id);
    }
    CHECK(id_of(*place.store()) == id);
    CHECK(id_of(*place.store(SqliteStore::Access::read)) == id);
    fs::remove(place.file());
    CHECK(id_of(*place.store()) != id);
}

TEST_CASE("a database that is opened again has all that was committed, and goes on counting") {
    Place place;
    std::mt19937 random(5);
    const Snapshot tree = random_tree(random, 3);
    {
        auto store = place.store();
        const auto opened = store->open();
        REQUIRE(opened);
        CHECK(opened->is_new);
        CHECK(opened->last_sequence == 0);
        REQUIRE(put(*store, &tree, BaselineUpdate::Write::whole));
        record(*store, {numbered(1), numbered(2)}, {"log"});
        Retention nothing_stays;
        nothing_stays.oldest_change = nothing_stays.oldest_delivery = kSeen + 1s;
        nothing_stays.actions = {"log"};
        REQUIRE(store->retain(nothing_stays));
    }
    auto store = place.store();
    const auto opened = store->open();
    REQUIRE(opened);
    CHECK_FALSE(opened->is_new);
    CHECK(opened->last_sequence == 2);
    check_baseline(*store, &tree);
}

TEST_CASE("a second service on a data directory is refused, a reader is not") {
    Place place;
    auto first = place.opened();
    record(*first, {numbered(1)}, {"log"});
    auto second = place.store();
    const auto refused = second->open();
    REQUIRE_FALSE(refused);
    CHECK(second->state() == StoreState::in_use);
    CHECK(refused.error().reason.find("--data-dir") != std::string::npos);

    auto reader = place.store(SqliteStore::Access::read);
    REQUIRE(reader->open());
    CHECK(numbers(reader->history({})) == Numbers{1});
    record(*first, {numbered(2)}, {"log"});  // while the reader is there
    CHECK(numbers(reader->history({})) == Numbers{1, 2});
    CHECK_FALSE(reader->commit({{}, {{numbered(3), nullptr}}, {}}));

    first.reset();
    CHECK(second->open());
}

TEST_CASE("a damaged database is moved aside and a new one begun") {
    const auto damage = [](const std::function<void(const fs::path&)>& how) {
        Place place;
        fill(place);
        how(place.file());
        auto store = place.store();
        const auto opened = store->open();
        REQUIRE(opened);
        CHECK(opened->is_new);
        CHECK_FALSE(opened->moved_aside.empty());
        CHECK_FALSE(opened->damage.empty());
        CHECK(place.moved_aside() >= 1);
        CHECK(store->history({})->empty());
        record(*store, {numbered(1)}, {"log"});
    };
    SECTION("truncated") {
        damage([](const fs::path& file) { fs::resize_file(file, fs::file_size(file) / 2); });
    }
    SECTION("bits flipped") {
        damage([](const fs::path& file) {
            std::string bytes = content(file);
            for (std::size_t i = 4096; i < bytes.size(); i += 97) bytes[i] ^= 0x10;
            overwrite(file, bytes);
        });
    }
    SECTION("something else") {
        damage([](const fs::path& file) { overwrite(file, std::string(20'000, 'x')); });
    }
    SECTION("a directory") {
        damage([](const fs::path& file) {
            fs::remove(file);
            fs::create_directories(file / "inside");
        });
    }
    SECTION("of another program") {
        damage([](const fs::path& file) {
            fs::remove(file);
            const std::u8string path = file.u8string();
            auto other =
                Database::open(std::string(path.begin(), path.end()), Database::Access::write, 0);
            REQUIRE((*other)->run("CREATE TABLE theirs (x)"));
        });
    }
}

TEST_CASE("whichever bit of a database is wrong, it is opened, or moved aside and begun anew") {
    Place place;
    fill(place);
    const std::string good = content(place.file());
    std::mt19937 random(6);
    for (int i = 0; i < 40; ++i) {
        std::string bad = good;
        for (int flips = 0; flips < 3; ++flips) {
            bad[random() % bad.size()] ^= static_cast<char>(1U << (random() % 8));
        }
        overwrite(place.file(), bad);
        auto store = place.store();
        REQUIRE(store->open());
        (void)store->baseline(kWatch, kKey);  // found damaged, or answered; no crash
        (void)store->history({});
        (void)store->pending("log", 0, 1'000);
        REQUIRE((store->open() && store->commit({})));
    }
}

TEST_CASE("a database that was deleted is begun anew") {
    Place place;
    fill(place);
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(place.file().string() + suffix);
    auto store = place.store();
    const auto opened = store->open();
    REQUIRE(opened);
    CHECK(opened->is_new);
    CHECK(opened->moved_aside.empty());
}

TEST_CASE("a full disk is a state of its own, changes nothing, and ends when there is room") {
    Place place;
    fill(place);
    auto store = place.store(SqliteStore::Access::own, 1);
    REQUIRE(store->open());
    const std::uint64_t before = store->counts()->changes;
    Change large = value_change(std::nullopt, ValueData{ValueType::binary, Bytes(2'000'000)});
    large.sequence = 1'000;
    const std::vector<std::string> actions = {"log"};
    const auto full = store->commit({{}, {{std::make_shared<const Change>(large), &actions}}, {}});
    REQUIRE_FALSE(full);
    CHECK(store->state() == StoreState::full);
    CHECK(store->counts()->changes == before);
    store.reset();
    store = place.opened();
    record(*store, {std::make_shared<const Change>(large)}, actions);
    CHECK(store->state() == StoreState::ready);
}

TEST_CASE("a database that somebody holds is a state of its own and ends when they let go") {
    Place place;
    auto store = place.opened();
    const std::u8string path = place.file().u8string();
    auto other =
        Database::open(std::string(path.begin(), path.end()), Database::Access::write, 0).value();
    REQUIRE(other->run("BEGIN IMMEDIATE"));
    CHECK_FALSE(store->commit({{}, {{numbered(1), nullptr}}, {}}));
    CHECK(store->state() == StoreState::locked);
    REQUIRE(other->run("COMMIT"));
    record(*store, {numbered(1)}, {});
    CHECK(store->state() == StoreState::ready);
}

TEST_CASE("a database of a newer version is left alone") {
    Place place;
    fill(place);
    {
        const std::u8string path = place.file().u8string();
        auto other =
            Database::open(std::string(path.begin(), path.end()), Database::Access::write, 0)
                .value();
        REQUIRE(other->run("PRAGMA user_version = " + std::to_string(kSchemaVersion + 1)));
    }
    auto store = place.store();
    CHECK_FALSE(store->open());
    CHECK(store->state() == StoreState::newer);
    CHECK_FALSE(store->commit({}));
    CHECK(place.moved_aside() == 0);
}

TEST_CASE("a state folder that cannot be made is said to be one") {
    Place place;
    overwrite(place.file().parent_path(), "a file is in its place");
    auto store = place.store();
    const auto opened = store->open();
    REQUIRE_FALSE(opened);
    CHECK(store->state() == StoreState::failed);
    fs::remove(place.file().parent_path());
    CHECK(store->open());
}

}  // namespace regwatch::test
