#include <catch2/catch_test_macros.hpp>
#include <string>

#include "contract/subject.h"

namespace regwatch::test {
namespace {

TEST_CASE(
    "a file is made, with the folders above it, and its content can be read while it is open") {
    const auto subject = make_file_subject();
    const std::string path =
        subject->scratch_folder() + "new/folders/caf\xC3\xA9 \xE2\x82\xAC.jsonl";
    const auto file = subject->files().open_append(path);
    REQUIRE(file);
    CHECK(file.value()->size() == 0);
    REQUIRE(file.value()->append("first\n"));
    CHECK(subject->content(path) == "first\n");
    REQUIRE(file.value()->append("second\n"));
    CHECK(subject->content(path) == "first\nsecond\n");
    CHECK(file.value()->size() == 13);
}

TEST_CASE("a file that exists is continued") {
    const auto subject = make_file_subject();
    const std::string path = subject->scratch_folder() + "log";
    REQUIRE(subject->files().open_append(path).value()->append("before "));
    const auto file = subject->files().open_append(path);
    REQUIRE(file);
    CHECK(file.value()->size() == 7);
    REQUIRE(file.value()->append("after"));
    CHECK(subject->content(path) == "before after");
}

TEST_CASE("bytes are written as they are") {
    const auto subject = make_file_subject();
    const std::string path = subject->scratch_folder() + "log";
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    bytes += "\r\n\n";
    const auto file = subject->files().open_append(path);
    REQUIRE(file);
    REQUIRE(file.value()->append(bytes));
    REQUIRE(file.value()->append(""));
    CHECK((subject->content(path) == bytes));

    const std::string large(2'000'000, 'x');
    REQUIRE(file.value()->append(large));
    CHECK((subject->content(path) == bytes + large));
    CHECK(file.value()->size() == bytes.size() + large.size());
}

TEST_CASE("two that have one file open both write at its end") {
    const auto subject = make_file_subject();
    const std::string path = subject->scratch_folder() + "log";
    const auto first = subject->files().open_append(path);
    const auto second = subject->files().open_append(path);
    REQUIRE(first);
    REQUIRE(second);
    for (int round = 0; round < 3; ++round) {
        REQUIRE(first.value()->append("a"));
        REQUIRE(second.value()->append("b"));
    }
    CHECK(subject->content(path) == "ababab");
}

TEST_CASE("a file can be renamed while it is open, and takes what is appended along") {
    const auto subject = make_file_subject();
    const std::string path = subject->scratch_folder() + "log";
    const auto file = subject->files().open_append(path);
    REQUIRE(file);
    REQUIRE(file.value()->append("before "));
    subject->rename(path, path + ".old");
    REQUIRE(file.value()->append("after"));
    CHECK(subject->content(path + ".old") == "before after");
}

TEST_CASE("what cannot be opened is an error that names the path") {
    const auto subject = make_file_subject();
    SECTION("a folder") {
        const std::string path = subject->scratch_folder() + "folder";
        REQUIRE(subject->files().open_append(path + "/file"));
        const auto opened = subject->files().open_append(path);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().subject == path);
    }
    SECTION("a path below a file") {
        const std::string path = subject->scratch_folder() + "file";
        REQUIRE(subject->files().open_append(path));
        CHECK_FALSE(subject->files().open_append(path + "/below"));
    }
    SECTION("a path that is not absolute") {
        const auto opened = subject->files().open_append("relative.log");
        REQUIRE_FALSE(opened);
        CHECK(opened.error().kind == ErrorKind::invalid);
    }
}

TEST_CASE("a path longer than 260 characters is no obstacle") {
    const auto subject = make_file_subject();
    std::string path = subject->scratch_folder();
    for (int depth = 0; depth < 5; ++depth) path.append(80, 'd').append("/");
    path += "log";
    const auto file = subject->files().open_append(path);
    REQUIRE(file);
    CHECK(file.value()->append("deep"));
}

}  // namespace
}  // namespace regwatch::test
