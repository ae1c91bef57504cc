// Whatever happens to the state database: it has a name, an event says so, and the watching goes on.
#include <catch2/catch_test_macros.hpp>

#include <sys/mount.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "contract/state_bench.h"
#include "state/schema.h"
#include "support/full_disk.h"

namespace regwatch::test {
namespace {

namespace fs = std::filesystem;

// A database with a baseline and a history in it, closed.
void fill(StateBench& bench) {
    bench.start();
    for (int i = 0; i < 5; ++i) REQUIRE(bench.hears());
    bench.stop();
}

// Nobody may write into the folder, not even root, who gives that up for as long.
class ReadOnly {
public:
    explicit ReadOnly(const std::string& folder) : folder_(folder) {
        for (const auto& entry : fs::directory_iterator(folder_))
            fs::permissions(entry.path(), fs::perms(0444));
        fs::permissions(folder_, fs::perms(0555));
        constexpr uid_t kNobody = 65534;
        is_root_ = geteuid() == 0;
        if (is_root_ && seteuid(kNobody) != 0) std::abort();
    }
    ~ReadOnly() {
        if (is_root_ && seteuid(0) != 0) std::abort();
        fs::permissions(folder_, fs::perms(0755));
        for (const auto& entry : fs::directory_iterator(folder_))
            fs::permissions(entry.path(), fs::perms(0644));
    }
    ReadOnly(const ReadOnly&) = delete;
    ReadOnly& operator=(const ReadOnly&) = delete;

private:
    const std::string folder_;
    bool is_root_ = false;
};

// A file system of two megabytes.
class SmallDisk {
public:
    explicit SmallDisk(const std::string& folder) : folder_(folder) {
        fs::create_directories(folder_);
        is_there_ = mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=2m") == 0;
    }
    ~SmallDisk() {
        if (is_there_) umount2(folder_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    [[nodiscard]] bool is_there() const noexcept { return is_there_; }
    void fill() const {
        std::ofstream file(filler(), std::ios::binary);
        const std::string page(4096, 'x');
        while (file.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
        }
    }
    void make_room() const { fs::remove(filler()); }

private:
    [[nodiscard]] std::string filler() const { return folder_ + "/filler"; }

    const std::string folder_;
    bool is_there_ = false;
};

void overwrite(const std::string& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

std::string content(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void is_begun_anew_after(const std::function<void(const std::string&)>& damage) {
    StateBench bench;
    fill(bench);
    damage(bench.file());
    bench.start();
    CHECK(bench.count(EventId::state_damaged) == 1);
    CHECK(bench.engine().status().store == StoreState::ready);
    CHECK(bench.hears());
}

// Until it can be written again.
void goes_on_without(StateBench& bench, StoreState state) {
    CHECK(bench.comes_to(state));
    CHECK(bench.said_not_kept(state));
    for (int i = 0; i < 3; ++i) CHECK(bench.hears());
    CHECK(bench.engine().status().store == state);
}

template <class Disk>
void lives_through_a_full_disk(StateBench& bench, Disk& disk) {
    bench.start();
    REQUIRE(bench.hears());
    disk.fill();
    // What the database has room for in itself is used up first.
    bool is_full = false;
    for (std::uint32_t i = 0; i < 2'000 && !is_full; ++i) {
        bench.write(u"large" + std::u16string(100, u'x'), i);
        CHECK(bench.hears());
        is_full = bench.engine().status().store == StoreState::full;
    }
    goes_on_without(bench, StoreState::full);
    disk.make_room();
    CHECK(bench.comes_to(StoreState::ready));
    CHECK(bench.hears());
    const auto delivered = bench.deliveries.sequences();
    bench.stop();
    // Numbers that the database did not have were set aside, for which there was room.
    CHECK(bench.count(EventId::numbers_not_kept) == 0);
    for (std::size_t i = 0; i < delivered.size(); ++i) REQUIRE(delivered[i] == i + 1);
    const auto reader = bench.reader();
    const auto history = reader->history({});
    REQUIRE(history);
    CHECK(history->size() == delivered.size());
}

}  // namespace

TEST_CASE("a service whose state was damaged says so, begins anew and hears", "[state]") {
    SECTION("truncated") {
        is_begun_anew_after([](const std::string& file) { fs::resize_file(file, 5'000); });
    }
    SECTION("emptied") {
        is_begun_anew_after([](const std::string& file) { fs::resize_file(file, 0); });
    }
    SECTION("deleted") {
        is_begun_anew_after([](const std::string& file) { fs::remove(file); });
    }
    SECTION("bits flipped") {
        is_begun_anew_after([](const std::string& file) {
            std::string bytes = content(file);
            for (std::size_t i = 4096; i < bytes.size(); i += 97) bytes[i] ^= 0x10;
            overwrite(file, bytes);
        });
    }
    SECTION("replaced by a folder") {
        is_begun_anew_after([](const std::string& file) {
            fs::remove(file);
            fs::create_directories(file + "/inside");
        });
    }
}

TEST_CASE("a service whose data directory was deleted begins anew, says so and hears", "[state]") {
    StateBench bench;
    fill(bench);
    fs::remove_all(bench.folder());
    const std::size_t before = bench.count(EventId::state_begun);
    bench.start();
    CHECK(bench.count(EventId::state_begun) == before + 1);
    CHECK(bench.hears());
}

TEST_CASE("a service hears on whatever becomes of its database while it runs", "[state]") {
    StateBench bench;
    fill(bench);
    bench.start();
    REQUIRE(bench.hears());
    overwrite(bench.file(), std::string(20'000, 'x'));
    overwrite(bench.file() + "-wal", "");
    for (int i = 0; i < 3; ++i) CHECK(bench.hears());
    bench.stop();
    bench.start();
    CHECK(bench.hears());
    CHECK(bench.engine().status().store == StoreState::ready);
    CHECK(bench.count(EventId::state_damaged) >= 1);
}

TEST_CASE("a service in a data directory that it may not write to says so and hears", "[state]") {
    StateBench bench;
    SECTION("from the beginning") { fs::create_directories(bench.folder()); }
    SECTION("with a state from before") { fill(bench); }
    {
        const ReadOnly read_only(bench.folder());
        bench.start();
        goes_on_without(bench, StoreState::read_only);
    }
    CHECK(bench.comes_to(StoreState::ready));
    CHECK(bench.count(EventId::state_kept_again) == 1);
    CHECK(bench.hears());
}

TEST_CASE("a service with a state of a newer version leaves it alone, says so and hears",
          "[state]") {
    StateBench bench;
    fill(bench);
    {
        auto database = Database::open(bench.file(), Database::Access::write, 0).value();
        REQUIRE(database->run("PRAGMA user_version = " + std::to_string(kSchemaVersion + 1)));
    }
    bench.start();
    goes_on_without(bench, StoreState::newer);
    bench.stop();
    auto database = Database::open(bench.file(), Database::Access::read, 0).value();
    CHECK(database->number("PRAGMA user_version").value() == kSchemaVersion + 1);
    CHECK(database->number("SELECT count(*) FROM change").value() == 5);
}

TEST_CASE("a service on a full disk says so, hears, and keeps all of it when there is room again",
          "[state]") {
    SECTION("one that refuses what would be larger") {
        FullDisk disk;
        StateBench bench;
        lives_through_a_full_disk(bench, disk);
    }
    SECTION("a real one") {
        StateBench bench;
        SmallDisk disk(bench.folder());
        if (!disk.is_there()) SKIP("no file system can be mounted here");
        lives_through_a_full_disk(bench, disk);
    }
}

TEST_CASE("the database of a running service opens with the ordinary program", "[state]") {
    StateBench bench;
    bench.start();
    for (int i = 0; i < 3; ++i) REQUIRE(bench.hears());
    const std::string out = bench.folder() + "/out";
    const std::string command = "sqlite3 '" + bench.file() +
                                "' 'PRAGMA integrity_check; SELECT count(*) FROM recent' >'" + out +
                                "' 2>&1";
    const int status = std::system(command.c_str());
    INFO(content(out));
    CHECK(status == 0);
    CHECK(content(out) == "ok\n3\n");
}

}  // namespace regwatch::test
