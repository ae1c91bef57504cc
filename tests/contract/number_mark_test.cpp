#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "contract/subject.h"
#include "state/number_mark_file.h"
#include "support/memory_mark.h"

namespace regwatch::test {
namespace {

namespace fs = std::filesystem;

constexpr NumbersMarked kFirst{7, 1'000'007};
constexpr NumbersMarked kSecond{0xFFFF'FFFF'FFFF'FFFE, 0xFFFF'FFFF'FFFF'FFFF};

void for_each_mark(const std::function<void(NumberMark&)>& body) {
    SECTION("in a file") {
        const auto files = make_file_subject();
        NumberMarkFile mark(files->scratch_folder());
        body(mark);
    }
    SECTION("in memory") {
        MemoryMark mark;
        body(mark);
    }
}

fs::path path_of(const NumberMarkFile& mark) {
    return fs::path(std::u8string(mark.path().begin(), mark.path().end()));
}

std::string content_of(const NumberMarkFile& mark) {
    std::ifstream file(path_of(mark), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void replace_content(const NumberMarkFile& mark, const std::string& bytes) {
    std::ofstream(path_of(mark), std::ios::binary | std::ios::trunc) << bytes;
}

NumbersMarked read(NumberMark& mark) {
    const auto marked = mark.read();
    REQUIRE(marked);
    REQUIRE(*marked);
    return **marked;
}

}  // namespace

TEST_CASE("a mark that was never written is none") {
    for_each_mark([](NumberMark& mark) {
        const auto marked = mark.read();
        REQUIRE(marked);
        CHECK_FALSE(*marked);
    });
}

TEST_CASE("a mark is what was written last, however often") {
    for_each_mark([](NumberMark& mark) {
        for (std::uint64_t i = 0; i < 5; ++i) {
            REQUIRE(mark.write({i, i + 10}));
            CHECK(read(mark) == NumbersMarked{i, i + 10});
        }
        REQUIRE(mark.write(kSecond));
        CHECK(read(mark) == kSecond);
    });
}

TEST_CASE("a mark in a file is there for the next run, and its file never grows") {
    const auto files = make_file_subject();
    NumberMarkFile mark(files->scratch_folder());
    REQUIRE(mark.write(kFirst));
    const auto size = fs::file_size(path_of(mark));
    for (std::uint64_t i = 0; i < 4; ++i) REQUIRE(mark.write({i, i}));
    CHECK(fs::file_size(path_of(mark)) == size);
    NumberMarkFile next_run(files->scratch_folder());
    CHECK(read(next_run) == NumbersMarked{3, 3});
}

TEST_CASE("whatever becomes of the last write of a mark, the one before it is there") {
    const auto files = make_file_subject();
    NumberMarkFile mark(files->scratch_folder());
    REQUIRE(mark.write(kFirst));
    const std::string before = content_of(mark);
    REQUIRE(mark.write(kSecond));
    const std::string after = content_of(mark);
    // Torn after any number of bytes, and wrong in any of them.
    for (std::size_t at = 0; at < after.size(); ++at) {
        if (before[at] == after[at]) continue;
        replace_content(mark, after.substr(0, at) + before.substr(at));
        CHECK(read(mark) == kFirst);
        std::string wrong = after;
        wrong[at] ^= 0x10;
        replace_content(mark, wrong);
        CHECK(read(mark) == kFirst);
    }
    replace_content(mark, after);
    CHECK(read(mark) == kSecond);
    // And the next write goes where the damage is.
    replace_content(mark, before);
    REQUIRE(mark.write({1, 2}));
    CHECK(read(mark) == NumbersMarked{1, 2});
}

TEST_CASE(
    "a mark that was cut off, emptied or filled with something else is none, and is written anew") {
    for (const std::string& bytes : {std::string(), std::string(10, 'x'), std::string(5'000, '\0'),
                                     std::string(20'000, 'x')}) {
        const auto files = make_file_subject();
        NumberMarkFile mark(files->scratch_folder());
        replace_content(mark, bytes);
        const auto marked = mark.read();
        REQUIRE(marked);
        CHECK_FALSE(*marked);
        REQUIRE(mark.write(kFirst));
        CHECK(read(mark) == kFirst);
    }
}

TEST_CASE("a mark that cannot be written is an error that names the file") {
    const auto files = make_file_subject();
    NumberMarkFile mark(files->scratch_folder());
    // Under Wine what an earlier case had in a folder of this name may still be there.
    fs::remove_all(path_of(mark));
    fs::create_directories(path_of(mark));
    const auto written = mark.write(kFirst);
    REQUIRE_FALSE(written);
    CHECK(written.error().subject == mark.path());
    CHECK_FALSE(NumberMarkFile(files->scratch_folder() + "missing").write(kFirst));
}

}  // namespace regwatch::test
