#include "service/diagnostic_log.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "platform/posix_append_file.h"

using namespace regwatch;

namespace {

namespace fs = std::filesystem;

class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "regwatch-log-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::string path() const { return path_.string(); }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(path_))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }
    [[nodiscard]] std::string content(const std::string& name) const {
        std::ifstream file(path_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }

private:
    fs::path path_;
};

using Names = std::vector<std::string>;
constexpr DiagnosticLog::Limits kSmall{10, 3};

}  // namespace

TEST_CASE("a full log is left as it is, and the next one has a new name") {
    const Folder folder;
    PosixFiles files;
    DiagnosticLog log(files, folder.path(), kSmall);
    log.write("0123456789\n");
    log.write("next\n");
    CHECK(folder.names() == Names{"regwatch-000001.log", "regwatch.log"});
    CHECK(folder.content("regwatch.log") == "0123456789\n");
    CHECK(folder.content("regwatch-000001.log") == "next\n");
}

TEST_CASE("after a restart the newest log is continued while it has room") {
    const Folder folder;
    PosixFiles files;
    DiagnosticLog(files, folder.path(), kSmall).write("0123456789\n");
    DiagnosticLog(files, folder.path(), kSmall).write("next\n");
    DiagnosticLog(files, folder.path(), kSmall).write("more\n");
    CHECK(folder.content("regwatch-000001.log") == "next\nmore\n");
}

TEST_CASE("only so many logs are kept, the newest ones, and nothing else is touched") {
    const Folder folder;
    PosixFiles files;
    std::ofstream(fs::path(folder.path()) / "regwatch-notes.log") << "mine";
    DiagnosticLog log(files, folder.path(), kSmall);
    for (int i = 0; i < 6; ++i) log.write("0123456789\n");
    CHECK(folder.names() == Names{"regwatch-000003.log", "regwatch-000004.log",
                                  "regwatch-000005.log", "regwatch-notes.log"});
}

TEST_CASE("the folder is made when it is not there") {
    const Folder folder;
    PosixFiles files;
    DiagnosticLog(files, folder.path() + "/logs", kSmall).write("line\n");
    CHECK(fs::exists(fs::path(folder.path()) / "logs" / "regwatch.log"));
}
