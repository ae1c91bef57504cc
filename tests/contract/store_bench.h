// What the tests of the store share: stores of each kind, and things to put into them.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "contract/subject.h"
#include "state/memory_store.h"
#include "state/sqlite_store.h"
#include "support/apply.h"
#include "support/faulting_store.h"
#include "support/manual_clock.h"
#include "support/samples.h"

namespace regwatch::test {

namespace fs = std::filesystem;

inline const std::string kWatch = "run-keys";
inline const KeyPath kKey{Root::local_machine, u"SOFTWARE\\Example", View::bits64};
inline constexpr WallTime kSeen{WallTicks{16'000'000'000'000'001}};

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

inline void for_each_store(const std::function<void(Store&)>& body) {
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

inline Snapshot random_tree(std::mt19937& random, int depth) {
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

inline Result<void> put(Store& store, const Snapshot* now, BaselineUpdate::Write write,
                        const std::vector<Difference>& differences = {}, WallTime seen = kSeen) {
    StoreBatch batch;
    batch.baseline.push_back({&kWatch, &kKey, seen, write, now, differences});
    return store.commit(batch);
}

inline void check_baseline(Store& store, const Snapshot* expected) {
    const auto stored = store.baseline(kWatch, kKey);
    REQUIRE(stored);
    REQUIRE(*stored);
    REQUIRE((*stored)->state.has_value() == (expected != nullptr));
    if (expected != nullptr) CHECK(has_same_content(*(*stored)->state, *expected));
}

inline SharedChange numbered(std::uint64_t sequence, WallTime at = kSeen) {
    Change change = value_change(dword(1), dword(2));
    change.sequence = sequence;
    change.id = "id-" + std::to_string(sequence);
    change.detected_at = at;
    return std::make_shared<const Change>(std::move(change));
}

inline void record(Store& store, const std::vector<SharedChange>& changes,
                   const std::vector<std::string>& actions) {
    StoreBatch batch;
    for (const SharedChange& change : changes) batch.records.push_back({change, &actions});
    REQUIRE(store.commit(batch));
}

inline std::vector<std::uint64_t> numbers(const Result<std::vector<SharedChange>>& changes) {
    REQUIRE(changes);
    std::vector<std::uint64_t> all;
    for (const SharedChange& change : *changes) all.push_back(change->sequence);
    return all;
}

using Numbers = std::vector<std::uint64_t>;

inline std::string content(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

inline void overwrite(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// A database with something in it, closed.
inline void fill(Place& place) {
    auto store = place.opened();
    std::mt19937 random(7);
    const Snapshot tree = random_tree(random, 4);
    REQUIRE(put(*store, &tree, BaselineUpdate::Write::whole));
    for (std::uint64_t i = 1; i <= 200; ++i) record(*store, {numbered(i)}, {"log"});
}

}  // namespace regwatch::test
