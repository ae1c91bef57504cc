// On real files: which file is the newest, and whether its last line is whole, is asked of the disk.
#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "action/actions.h"
#include "action/rolling_file.h"
#include "platform/folder.h"
#include "platform/posix_append_file.h"
#include "support/manual_clock.h"
#include "support/memory_journal.h"
#include "support/samples.h"

namespace regwatch {
namespace {

namespace fs = std::filesystem;

// 2026-05-04T13:15:30Z
const WallTime kNow{WallTicks(17'779'005'300'000'000)};

class Folder {
public:
    Folder() : path_(fs::temp_directory_path() / fs::path("regwatch-rolling-test")) {
        fs::remove_all(path_);
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::string path() const { return path_.string(); }
    [[nodiscard]] RollingFile::Series series(std::uint64_t max_size,
                                             std::uint32_t max_files) const {
        return {path_.string(), "events", ".jsonl", max_size, max_files};
    }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> names;
        const auto files = list_files(path_.string(), "", "");
        for (const FolderEntry& entry : files.value()) names.push_back(entry.name);
        return names;
    }
    void write(const std::string& name, const std::string& text) const {
        fs::create_directories(path_);
        std::ofstream(path_ / name) << text;
    }
    void remove(const std::string& name) const { fs::remove(path_ / name); }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream file(path_ / name);
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    fs::path path_;
};

TEST_CASE("a full file is left as it is and the next one gets the next number") {
    const Folder folder;
    PosixFiles files;
    RollingFile file(files, folder.series(10, 5));
    REQUIRE(file.append("123456\n", kNow));
    REQUIRE(file.append("abcdef\n", kNow));
    CHECK(folder.names() ==
          std::vector<std::string>{"events-20260504-000001.jsonl", "events-20260504-000002.jsonl"});
    CHECK(folder.read("events-20260504-000001.jsonl") == "123456\n");
    CHECK(folder.read("events-20260504-000002.jsonl") == "abcdef\n");
}

TEST_CASE("a record larger than a file's limit is written whole") {
    const Folder folder;
    PosixFiles files;
    RollingFile file(files, folder.series(10, 5));
    REQUIRE(file.append("a record of more than ten bytes\n", kNow));
    CHECK(folder.names().size() == 1);
}

TEST_CASE("only the newest files are kept, and files of others are left alone") {
    const Folder folder;
    folder.write("events-notes.jsonl", "mine\n");
    PosixFiles files;
    RollingFile file(files, folder.series(1, 2));
    std::vector<std::string> deleted;
    for (int i = 0; i < 5; ++i) {
        const auto written = file.append("line\n", kNow);
        REQUIRE(written);
        deleted.insert(deleted.end(), written->begin(), written->end());
    }
    CHECK(deleted == std::vector<std::string>{"events-20260504-000001.jsonl",
                                              "events-20260504-000002.jsonl",
                                              "events-20260504-000003.jsonl"});
    CHECK(folder.names() == std::vector<std::string>{"events-20260504-000004.jsonl",
                                                     "events-20260504-000005.jsonl",
                                                     "events-notes.jsonl"});
}

TEST_CASE("a log that deletes its oldest files says how many, which was the last, and why") {
    const Folder folder;
    PosixFiles files;
    test::ManualClock clock(kNow);
    test::MemoryJournal journal;
    LogSettings settings;
    settings.max_file_size = 1;
    settings.max_files = 2;
    const auto deliver = [&](Action& action) {
        CHECK_FALSE(action.deliver(test::value_change(std::nullopt, test::dword(1))));
    };
    const auto action =
        make_log_action(settings, "log", folder.path(), {}, {files, clock, journal});
    deliver(*action);
    deliver(*action);
    CHECK(journal.count(EventId::log_files_deleted) == 0);
    deliver(*action);
    REQUIRE(journal.count(EventId::log_files_deleted) == 1);
    CHECK(journal.notices().front().inserts ==
          std::vector<std::string>{"log", "1", "events-20260504-000001.jsonl", "2"});
    settings.max_files = 1;
    deliver(*make_log_action(settings, "log", folder.path(), {}, {files, clock, journal}));
    REQUIRE(journal.count(EventId::log_files_deleted) == 2);
    CHECK(journal.notices().back().inserts ==
          std::vector<std::string>{"log", "2", "events-20260504-000003.jsonl", "1"});
}

TEST_CASE("after a restart the newest file is continued when it has room") {
    const Folder folder;
    PosixFiles files;
    REQUIRE(RollingFile(files, folder.series(100, 5)).append("one\n", kNow));
    REQUIRE(RollingFile(files, folder.series(100, 5)).append("two\n", kNow));
    REQUIRE(folder.names().size() == 1);
    CHECK(folder.read(folder.names().front()) == "one\ntwo\n");
}

TEST_CASE("after a restart a file that ends in a torn line is not continued") {
    const Folder folder;
    folder.write("events-20260504-000007.jsonl", "whole\n{\"torn");
    PosixFiles files;
    REQUIRE(RollingFile(files, folder.series(100, 5)).append("next\n", kNow));
    CHECK(folder.read("events-20260504-000007.jsonl") == "whole\n{\"torn");
    CHECK(folder.read("events-20260504-000008.jsonl") == "next\n");
}

TEST_CASE("a file that somebody deletes while it is open swallows nothing") {
    const Folder folder;
    PosixFiles files;
    RollingFile file(files, folder.series(100, 5));
    REQUIRE(file.append("one\n", kNow));
    folder.remove("events-20260504-000001.jsonl");
    REQUIRE(file.append("two\n", kNow));
    CHECK(folder.names() == std::vector<std::string>{"events-20260504-000002.jsonl"});
    CHECK(folder.read("events-20260504-000002.jsonl") == "two\n");
}

// A disk that is full when the test says so, over the real one.
class FullDisk final : public FileSystem {
public:
    bool is_full = false;
    std::size_t torn = 0;  // what a failed write leaves of its text

    Result<std::string> expand(const std::string& path) override { return path; }
    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override {
        auto file = files_.open_append(path);
        if (!file) return std::move(file).error();
        return std::unique_ptr<AppendFile>(std::make_unique<File>(*this, std::move(*file)));
    }

private:
    class File final : public AppendFile {
    public:
        File(FullDisk& disk, std::unique_ptr<AppendFile> file)
            : disk_(disk), file_(std::move(file)) {}
        Result<void> append(std::string_view bytes) override {
            if (!disk_.is_full) return file_->append(bytes);
            if (disk_.torn > 0) (void)file_->append(bytes.substr(0, disk_.torn));
            return Error{ErrorKind::transient, 112, "appending to", "the log", "disk full"};
        }
        [[nodiscard]] std::uint64_t size() const noexcept override { return file_->size(); }

    private:
        FullDisk& disk_;
        const std::unique_ptr<AppendFile> file_;
    };

    PosixFiles files_;
};

TEST_CASE("a disk that stays full takes none of the earlier files away") {
    const Folder folder;
    FullDisk disk;
    RollingFile file(disk, folder.series(10, 3));
    for (int i = 0; i < 3; ++i) REQUIRE(file.append("123456\n", kNow));
    disk.is_full = true;
    const auto before = folder.names();
    for (int i = 0; i < 50; ++i) REQUIRE_FALSE(file.append("abcdef\n", kNow));
    auto after = folder.names();
    REQUIRE(after.size() == before.size() + 1);  // the one that nothing could be written to
    CHECK(std::vector<std::string>(after.begin(), after.end() - 1) == before);
    disk.is_full = false;
    REQUIRE(file.append("abcdef\n", kNow));
    CHECK(folder.read("events-20260504-000004.jsonl") == "abcdef\n");
    CHECK(folder.names().size() == 3);
}

TEST_CASE("what failed writes leave of a line is not continued, and the files before it stay") {
    const Folder folder;
    FullDisk disk;
    RollingFile file(disk, folder.series(100, 10));
    REQUIRE(file.append("first\n", kNow));
    disk.is_full = true;
    disk.torn = 2;
    for (int i = 0; i < 3; ++i) REQUIRE_FALSE(file.append("second\n", kNow));
    disk.is_full = false;
    REQUIRE(file.append("second\n", kNow));
    CHECK(folder.read("events-20260504-000001.jsonl") == "first\nse");
    CHECK(folder.read("events-20260504-000004.jsonl") == "second\n");
}

TEST_CASE("a folder that cannot be made is an error that names it") {
    const Folder folder;
    folder.write("file", "in the way");
    PosixFiles files;
    auto series = folder.series(100, 5);
    series.folder += "/file/below";
    const auto written = RollingFile(files, series).append("line\n", kNow);
    REQUIRE_FALSE(written);
    CHECK(written.error().text().find("file/below") != std::string::npos);
}

}  // namespace
}  // namespace regwatch
