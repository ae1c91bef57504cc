#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "contract/bench.h"

namespace regwatch::test {
namespace {

const std::u16string kNulCharacter(1, u'\0');

class WriterBench : public Bench {
public:
    using Bench::Bench;

    [[nodiscard]] RegistryWriter& writer() { return subject().writer(); }
    [[nodiscard]] KeyPath path(std::u16string_view key, View view = View::bits64) {
        return editor().path(key, view);
    }
    [[nodiscard]] std::vector<Value> values(std::u16string_view key, View view = View::bits64) {
        return open(key, view)->values().value();
    }
};

TEST_CASE("a value is written byte for byte, whatever its name, type and size") {
    WriterBench bench(GENERATE(from_range(systems())));
    const Value values[] = {
        {u"", {ValueType::sz, {'a', 0}}},
        {u"odd", {ValueType::expand_sz, {1, 2, 3}}},
        {u"empty", {ValueType::none, {}}},
        {u"with" + kNulCharacter + u"nul", {ValueType::qword, {1, 2, 3, 4, 5, 6, 7, 8}}},
        {u"lone\xD800", {static_cast<ValueType>(4711), {9}}},
        {u"large", {ValueType::binary, Bytes(100'000, 7)}},
    };
    for (const Value& value : values) {
        REQUIRE(bench.writer().set_value(bench.path(u""), value.name, value.data));
        // Among the others: the order of values is the system's own (Wine sorts them by name).
        const std::vector<Value> present = bench.values(u"");
        CHECK(std::find(present.begin(), present.end(), value) != present.end());
    }
}

TEST_CASE("a value that is written again is replaced, in any case of its name") {
    WriterBench bench(GENERATE(from_range(systems())));
    REQUIRE(bench.writer().set_value(bench.path(u""), u"Name", {ValueType::dword, {1, 0, 0, 0}}));
    REQUIRE(bench.writer().set_value(bench.path(u""), u"name", {ValueType::binary, {2}}));
    REQUIRE(bench.values(u"").size() == 1);
    CHECK(bench.values(u"").front().data == ValueData{ValueType::binary, {2}});
}

TEST_CASE("writing a value of a missing key is not found and creates nothing") {
    WriterBench bench(GENERATE(from_range(systems())));
    const auto written = bench.writer().set_value(bench.path(u"missing"), u"v", {});
    REQUIRE_FALSE(written);
    CHECK(written.error().kind == ErrorKind::not_found);
    CHECK(written.error().subject == bench.path(u"missing").utf8());
    CHECK_FALSE(bench.try_open(u"missing"));
}

TEST_CASE("a value is deleted, and one that is not there is not found") {
    WriterBench bench(GENERATE(from_range(systems())));
    bench.editor().set_value(u"", u"a" + kNulCharacter, {ValueType::binary, {1}});
    bench.editor().set_value(u"", u"b", {ValueType::binary, {1}});
    REQUIRE(bench.writer().delete_value(bench.path(u""), u"a" + kNulCharacter));
    CHECK(bench.values(u"").size() == 1);
    const auto again = bench.writer().delete_value(bench.path(u""), u"a" + kNulCharacter);
    REQUIRE_FALSE(again);
    CHECK(again.error().kind == ErrorKind::not_found);
}

TEST_CASE("a key is created with all that is missing above it, in its own view") {
    WriterBench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"there");
    const std::u16string deep = u"there\\a\\with" + kNulCharacter + u"nul\\c";
    REQUIRE(bench.writer().create_key(bench.path(deep)));
    CHECK(bench.try_open(deep));
    REQUIRE(bench.writer().create_key(bench.path(u"of32", View::bits32)));
    CHECK(bench.try_open(u"of32", View::bits32));
    CHECK_FALSE(bench.try_open(u"of32"));
}

TEST_CASE("creating a key that is there leaves it as it is") {
    WriterBench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"there");
    bench.editor().set_value(u"there", u"v", {ValueType::binary, {1}});
    REQUIRE(bench.writer().create_key(bench.path(u"there")));
    CHECK(bench.values(u"there").size() == 1);
}

TEST_CASE("a key is deleted with its values, but not with what is below it") {
    WriterBench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"k\\below");
    bench.editor().set_value(u"k", u"v", {ValueType::binary, {1}});
    const auto refused = bench.writer().delete_key(bench.path(u"k"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::denied);
    REQUIRE(bench.writer().delete_key(bench.path(u"k\\below")));
    REQUIRE(bench.writer().delete_key(bench.path(u"k")));
    CHECK_FALSE(bench.try_open(u"k"));
    const auto again = bench.writer().delete_key(bench.path(u"k"));
    REQUIRE_FALSE(again);
    CHECK(again.error().kind == ErrorKind::not_found);
}

TEST_CASE("what the writer writes is a change like any other") {
    WriterBench bench(GENERATE(from_range(systems())));
    Observed observed = bench.observe(u"", Scope::key);
    REQUIRE(bench.writer().set_value(bench.path(u""), u"v", {ValueType::binary, {1}}));
    CHECK(bench.signalled(observed));
}

TEST_CASE("nothing is written to HKCU, which is another key for every user") {
    WriterBench bench(GENERATE(from_range(systems())));
    const KeyPath nobody{Root::current_user, u"Software", View::bits64};
    const auto written = bench.writer().set_value(nobody, u"v", {});
    REQUIRE_FALSE(written);
    CHECK(written.error().kind == ErrorKind::invalid);
}

}  // namespace
}  // namespace regwatch::test
