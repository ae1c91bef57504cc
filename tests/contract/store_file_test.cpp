// What only a store in files can suffer: closed and opened again, damaged, deleted, full, held by another.
#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <random>

#include "contract/store_bench.h"
#include "state/schema.h"

namespace regwatch::test {

using namespace std::chrono_literals;

namespace {

// As another program would open it.
std::unique_ptr<Database> database_in(const fs::path& file) {
    const std::u8string path = file.u8string();
    return Database::open(std::string(path.begin(), path.end()), Database::Access::write, 0)
        .value();
}

}  // namespace

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
    SECTION("emptied") {
        damage([](const fs::path& file) { fs::resize_file(file, 0); });
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
            REQUIRE(database_in(file)->run("CREATE TABLE theirs (x)"));
        });
    }
}

TEST_CASE("damage that any call meets is told by the next opening") {
    Place place;
    fill(place);
    auto store = place.opened();
    // So that the file is read again.
    REQUIRE(database_in(place.file())->run("DELETE FROM pending WHERE sequence=1"));
    overwrite(place.file(), std::string(200'000, 'x'));
    fs::resize_file(place.file().string() + "-wal", 0);
    CHECK_FALSE(store->pending("log", 0, 10));
    CHECK(store->state() == StoreState::damaged);
    CHECK(store->counts()->changes == 0);  // of a new one
    const auto opened = store->open();
    REQUIRE(opened);
    CHECK(opened->is_new);
    CHECK_FALSE(opened->moved_aside.empty());
    CHECK_FALSE(store->open()->is_new);
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

TEST_CASE("a key that its index would not find is damage") {
    Place place;
    fill(place);
    const std::string good = content(place.file());
    const std::string identity =
        database_in(place.file())->word("SELECT identity FROM baseline").value();
    REQUIRE_FALSE(identity.empty());
    int found = 0;
    for (std::size_t at = good.find(identity); at != std::string::npos;
         at = good.find(identity, at + 1)) {
        std::string bad = good;
        bad[at] ^= 0x01;
        overwrite(place.file(), bad);
        const auto opened = place.store()->open();
        REQUIRE(opened);
        found += opened->moved_aside.empty() ? 0 : 1;
    }
    CHECK(found >= 2);  // the table's and the index's
}

TEST_CASE("a row of the baseline that is not as it was written is damage") {
    const auto is_damage = [](const std::string& sql) {
        INFO(sql);
        Place place;
        fill(place);
        {
            const auto other = database_in(place.file());
            REQUIRE(other->run(sql));
            REQUIRE(other->changed() > 0);
        }
        auto store = place.store();
        const auto opened = store->open();
        REQUIRE(opened);
        CHECK(opened->is_new);
        CHECK(opened->damage.find("not as it was written") != std::string::npos);
        CHECK(place.moved_aside() == 1);
    };
    is_damage("UPDATE baseline SET present = 1 - present");
    is_damage("UPDATE baseline SET seen = seen + 1");
    is_damage("UPDATE baseline SET extent = extent || 'subtree'");
    is_damage("UPDATE baseline_key SET entered = 1 - entered WHERE path = ''");
    is_damage("UPDATE baseline_key SET security = security || 'x' WHERE path = ''");
    is_damage("UPDATE baseline_key SET path = path || 'x' WHERE path <> ''");
    for (const char* const column :
         {"type = type + 1", "data = data || x'00'", "name = name || 'x'"})
        is_damage(std::string("UPDATE baseline_value SET ") + column +
                  " WHERE path = (SELECT max(path) FROM baseline_value)");
}

TEST_CASE("a row that has become another one while it runs is damage for whoever reads it") {
    Place place;
    fill(place);
    auto store = place.opened();
    REQUIRE(database_in(place.file())->run("UPDATE baseline_value SET type = type + 1"));
    CHECK_FALSE(store->baseline(kWatch, kKey));
    CHECK(store->state() == StoreState::damaged);
    const auto opened = store->open();
    REQUIRE(opened);
    CHECK(opened->is_new);
    CHECK_FALSE(opened->moved_aside.empty());
}

TEST_CASE("what differences have written of a key is as it was written") {
    Place place;
    std::mt19937 random(8);
    Snapshot before = random_tree(random, 3);
    {
        auto store = place.opened();
        REQUIRE(put(*store, &before, BaselineUpdate::Write::whole));
        for (int i = 0; i < 20; ++i) {
            const Snapshot now = random_tree(random, 3);
            REQUIRE(put(*store, &now, BaselineUpdate::Write::differences, diff(&before, &now)));
            before = now;
        }
    }
    auto store = place.store();
    const auto opened = store->open();
    REQUIRE(opened);
    CHECK_FALSE(opened->is_new);
    check_baseline(*store, &before);
}

TEST_CASE("a database that was deleted is begun anew, and that is told as damage") {
    Place place;
    fill(place);
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(place.file().string() + suffix);
    auto store = place.store();
    const auto opened = store->open();
    REQUIRE(opened);
    CHECK(opened->is_new);
    CHECK(opened->damage.find("missing") != std::string::npos);
    CHECK(opened->moved_aside == "gone");
    CHECK(place.moved_aside() == 0);
}

TEST_CASE("a database that could not be filled when it was made is not a damaged one") {
    Place place;
    auto store = place.store(SqliteStore::Access::own, 1);
    CHECK_FALSE(store->open());
    CHECK_FALSE(store->open());
    CHECK(place.moved_aside() == 0);
}

TEST_CASE("however much is too old, it goes at once") {
    Place place;
    auto store = place.opened();
    std::vector<SharedChange> changes;
    for (std::uint64_t i = 1; i <= 25'000; ++i) changes.push_back(numbered(i));
    record(*store, changes, {});
    Retention retention;
    retention.oldest_change = kSeen + 1s;
    REQUIRE(store->retain(retention));
    CHECK(store->counts()->changes == 0);
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
    const auto other = database_in(place.file());
    REQUIRE(other->run("BEGIN IMMEDIATE"));
    CHECK_FALSE(store->commit({{}, {{numbered(1), nullptr}}, {}}));
    CHECK(store->state() == StoreState::locked);
    REQUIRE(other->run("COMMIT"));
    record(*store, {numbered(1)}, {});
    CHECK(store->state() == StoreState::ready);
}

TEST_CASE("a database of the version before is brought up to date with all that is in it") {
    Place place;
    fill(place);
    {
        const auto other = database_in(place.file());
        REQUIRE(
            other->run("ALTER TABLE change DROP COLUMN before_size;"
                       "ALTER TABLE change DROP COLUMN before_sha256;"
                       "ALTER TABLE change DROP COLUMN after_size;"
                       "ALTER TABLE change DROP COLUMN after_sha256;"
                       "ALTER TABLE change DROP COLUMN hive_owner;"
                       "ALTER TABLE change DROP COLUMN control_set;"
                       "ALTER TABLE baseline DROP COLUMN extent;"
                       "ALTER TABLE baseline DROP COLUMN sum;"
                       "ALTER TABLE baseline_key DROP COLUMN sum;"
                       "ALTER TABLE baseline_value DROP COLUMN sum;"
                       "DROP TABLE secret;"
                       "DROP TABLE left_out;"
                       "PRAGMA user_version = 1"));
    }
    auto store = place.store();
    const auto opened = store->open();
    REQUIRE(opened);
    CHECK_FALSE(opened->is_new);
    CHECK(opened->last_sequence == 200);
    std::mt19937 random(7);
    const Snapshot tree = random_tree(random, 4);
    check_baseline(*store, &tree);
    CHECK(store->baseline(kWatch, kKey).value()->extent.subtree);
    CHECK_FALSE(store->baseline(kWatch, kKey).value()->extent.security);
    CHECK(numbers(store->pending("log", 0, 1000)).size() == 200);
    CHECK(numbers(store->history({})).back() == 200);
    record(*store, {numbered(201)}, {"log"});
    StoreBatch batch;
    batch.left_out = {{"log", kWatch, LeftOut::muted, 2, kSeen, kSeen}};
    CHECK(store->commit(batch));
}

TEST_CASE("a database whose rows have no sums yet gets them as they are written") {
    Place place;
    fill(place);
    {
        const auto other = database_in(place.file());
        REQUIRE(
            other->run("DROP TABLE left_out;"
                       "ALTER TABLE baseline DROP COLUMN sum;"
                       "ALTER TABLE baseline_key DROP COLUMN sum;"
                       "ALTER TABLE baseline_value DROP COLUMN sum;"
                       "PRAGMA user_version = 2"));
    }
    const auto unsummed = [&] {
        return database_in(place.file())
            ->number("SELECT count(*) FROM baseline_value WHERE sum IS NULL")
            .value();
    };
    std::mt19937 random(7);
    const Snapshot tree = random_tree(random, 4);
    {
        auto store = place.opened();
        check_baseline(*store, &tree);
        CHECK(unsummed() > 0);
        REQUIRE(put(*store, &tree, BaselineUpdate::Write::whole));
    }
    CHECK(unsummed() == 0);
    CHECK(place.moved_aside() == 0);
}

TEST_CASE("a database of a newer version is left alone") {
    Place place;
    fill(place);
    {
        const auto other = database_in(place.file());
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
