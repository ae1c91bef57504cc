#include "service/config_file.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "action/actions.h"
#include "support/memory_file_system.h"

using namespace regwatch;

namespace {

namespace fs = std::filesystem;

// In a folder whose name no code page but UTF-8 can spell.
class ConfigFile {
public:
    explicit ConfigFile(const std::string& text) {
        fs::create_directories(folder_);
        std::ofstream(folder_ / "c.json", std::ios::binary) << text;
    }
    ~ConfigFile() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    ConfigFile(const ConfigFile&) = delete;
    ConfigFile& operator=(const ConfigFile&) = delete;

    [[nodiscard]] std::string path() const {
        const std::u8string text = (folder_ / "c.json").u8string();
        return {text.begin(), text.end()};
    }
    [[nodiscard]] std::string folder() const {
        const std::u8string text = folder_.u8string();
        return {text.begin(), text.end()};
    }

private:
    const fs::path folder_ = fs::temp_directory_path() / u8"regwatch-\u0141\u0430-config";
};

}  // namespace

TEST_CASE("a config file with problems is read, and each problem names the file") {
    const ConfigFile file("{ \"watches\": [ 1 ] }");
    const auto loaded = load_config(file.path());
    REQUIRE(loaded);
    CHECK_FALSE(loaded->settings);
    REQUIRE_FALSE(loaded->problems.empty());
    CHECK(loaded->problems[0].file == file.path());
    CHECK(loaded->problems[0].line == 1);
}

TEST_CASE("a config file that is not there is an error that says how to get one") {
    const ConfigFile file("");
    const auto loaded = load_config(file.path() + ".no");
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().kind == ErrorKind::not_found);
    CHECK(loaded.error().text().find("regwatch install") != std::string::npos);
    CHECK(loaded.error().text().find("c.json.no") != std::string::npos);
}

TEST_CASE("a folder and a file of an absurd size are no config files") {
    const ConfigFile file("");
    CHECK_FALSE(load_config(file.folder()));
    CHECK(load_config(file.path()));
    const std::string path = file.path();
    fs::resize_file(fs::path(std::u8string(path.begin(), path.end())), 17u * 1024 * 1024);
    CHECK_FALSE(load_config(path));
}

TEST_CASE(
    "a log folder with a variable that this machine does not have is a problem of the config") {
    const ConfigFile file(R"({
        "watches": [{"name": "a", "keys": ["HKLM\\SOFTWARE\\X"]}],
        "actions": {"good": {"type": "log", "folder": "%ProgramData%\\Logs"},
                    "bad": {"type": "log", "folder": "%Nothing%\\Logs"}}})");
    test::MemoryFileSystem files;
    auto loaded = load_config(file.path());
    REQUIRE(loaded);
    REQUIRE(loaded->settings);
    judge_on_this_machine(*loaded, files);
    CHECK_FALSE(loaded->settings);
    REQUIRE(loaded->problems.size() == 1);
    CHECK(loaded->problem_count == 1);
    CHECK(loaded->problems[0].file == file.path());
    CHECK(loaded->problems[0].pointer == "/actions/bad/folder");
    // As whoever makes the action would say.
    LogSettings bad;
    bad.folder = "%Nothing%\\Logs";
    CHECK(loaded->problems[0].message == log_folder(bad, {}, files).error().text());
}
