// What the system calls a final path, and the folders on it.
#include "platform/final_path.h"

#include <catch2/catch_test_macros.hpp>

namespace regwatch {
namespace {

using Folders = std::vector<std::string>;

TEST_CASE("a final path is told without its prefix where it has a plain name") {
    CHECK(without_prefix("\\\\?\\C:\\Ops\\x.exe") == "C:\\Ops\\x.exe");
    CHECK(without_prefix("\\\\?\\UNC\\server\\share\\x.exe") == "\\\\server\\share\\x.exe");
    CHECK(without_prefix("C:\\Ops\\x.exe") == "C:\\Ops\\x.exe");
    CHECK(without_prefix("\\\\?\\Volume{1-2}\\x.exe") == "\\\\?\\Volume{1-2}\\x.exe");
    CHECK(without_prefix("").empty());
}

TEST_CASE("the folders above a file end at its volume or its share") {
    CHECK(folders_above("C:\\Ops\\bin\\x.exe") == Folders{"C:\\Ops\\bin", "C:\\Ops", "C:\\"});
    CHECK(folders_above("C:\\x.exe") == Folders{"C:\\"});
    CHECK(folders_above("\\\\server\\share\\a\\x.exe") ==
          Folders{"\\\\server\\share\\a", "\\\\server\\share"});
    CHECK(folders_above("\\\\server\\share\\x.exe") == Folders{"\\\\server\\share"});
    CHECK(folders_above("x.exe").empty());
    CHECK(folders_above("C:\\").size() == 1);
}

TEST_CASE("a link that leads to another machine is told from a share that is named") {
    CHECK(leads_to_another_machine("C:\\Ops\\x.exe", "\\\\server\\share\\x.exe"));
    CHECK_FALSE(leads_to_another_machine("\\\\server\\a\\x.exe", "\\\\server\\share\\x.exe"));
    CHECK_FALSE(leads_to_another_machine("C:\\Ops\\x.exe", "D:\\x.exe"));
}

}  // namespace
}  // namespace regwatch
