#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "contract/bench.h"
#include "text/fold.h"

namespace regwatch::test {
namespace {

Bytes bytes_of(std::u16string_view text) {
    Bytes bytes;
    for (const char16_t unit : text) {
        bytes.push_back(static_cast<std::uint8_t>(unit & 0xFF));
        bytes.push_back(static_cast<std::uint8_t>(unit >> 8));
    }
    return bytes;
}

std::vector<std::u16string> names_of(RegistryKey& key) {
    std::vector<std::u16string> names;
    const auto subkeys = key.subkeys();
    REQUIRE(subkeys);
    for (const SubkeyName& subkey : *subkeys) names.push_back(subkey.name);
    std::sort(names.begin(), names.end());
    return names;
}

const std::u16string kNul(1, u'\0');

TEST_CASE("a key that does not exist is not found") {
    Bench bench(GENERATE(from_range(systems())));
    for (const char16_t* key : {u"missing", u"missing\\below", u"missing\\below\\deeper"}) {
        const auto opened = bench.try_open(key);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().kind == ErrorKind::not_found);
        CHECK(opened.error().subject == bench.editor().path(key).utf8());
    }
    const auto below = bench.open(u"")->open_subkey(u"missing");
    REQUIRE_FALSE(below);
    CHECK(below.error().kind == ErrorKind::not_found);
}

TEST_CASE("opening never creates") {
    Bench bench(GENERATE(from_range(systems())));
    REQUIRE_FALSE(bench.try_open(u"missing\\below"));
    CHECK(bench.open(u"")->subkeys().value().empty());
}

TEST_CASE("a key that its access list denies is denied, and opens when that is taken back") {
    Bench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"secret");
    bench.editor().deny(u"secret");
    const auto opened = bench.try_open(u"secret");
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == ErrorKind::denied);
    const auto below = bench.open(u"")->open_subkey(u"secret");
    REQUIRE_FALSE(below);
    CHECK(below.error().kind == ErrorKind::denied);

    bench.editor().allow(u"secret");
    CHECK(bench.try_open(u"secret"));
}

TEST_CASE("a key that is open stays readable when it is denied to others") {
    Bench bench(GENERATE(from_range(systems())));
    bench.editor().set_value(u"", u"a", {ValueType::binary, {1}});
    const auto key = bench.open(u"");
    bench.editor().deny(u"");
    const auto values = key->values();
    bench.editor().allow(u"");
    REQUIRE(values);
    CHECK(values->size() == 1);
}

TEST_CASE("names are found in any case and keep the one they were made in") {
    Bench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"MixedCase");
    CHECK(bench.try_open(u"mixedcase"));
    CHECK(bench.try_open(u"MIXEDCASE"));
    CHECK(bench.open(u"")->open_subkey(u"mIXEDcASE"));
    CHECK(names_of(*bench.open(u"")) == std::vector<std::u16string>{u"MixedCase"});
}

TEST_CASE("values are read back byte for byte") {
    Bench bench(GENERATE(from_range(systems())));
    const std::vector<Value> written = {
        {u"", {ValueType::sz, bytes_of(u"the default value" + kNul)}},
        {u"empty", {ValueType::binary, {}}},
        {u"empty text", {ValueType::sz, {}}},
        {u"unterminated", {ValueType::sz, bytes_of(u"abc")}},
        {u"odd size", {ValueType::sz, {'a', 0, 'b'}}},
        {u"NUL inside", {ValueType::sz, bytes_of(u"a" + kNul + u"b" + kNul)}},
        {u"lone surrogate", {ValueType::expand_sz, bytes_of(u"\xD800%PATH%" + kNul)}},
        {u"list without end", {ValueType::multi_sz, bytes_of(u"a" + kNul + u"b")}},
        {u"short number", {ValueType::dword, {1, 2}}},
        {u"long number", {ValueType::qword, {1, 2, 3, 4, 5, 6, 7, 8, 9}}},
        {u"none", {ValueType::none, {0xFF, 0x00}}},
        {u"unknown type", {static_cast<ValueType>(0x12345678), {1, 2, 3}}},
        {u"highest type", {static_cast<ValueType>(0xFFFFFFFF), {7}}},
        {u"NUL" + kNul + u"in the name", {ValueType::binary, {1}}},
        {u"surrogate \xDC00 in the name", {ValueType::binary, {2}}},
        {u"back\\slash and /", {ValueType::binary, {3}}},
        {std::u16string(255, u'n'), {ValueType::binary, {4}}},
    };
    for (const Value& value : written) bench.editor().set_value(u"", value.name, value.data);

    const auto read = bench.open(u"")->values();
    REQUIRE(read);
    CHECK(read->size() == written.size());
    for (const Value& value : written) {
        const auto found = std::find_if(read->begin(), read->end(),
                                        [&](const Value& it) { return it.name == value.name; });
        INFO("value " << std::distance(written.data(), &value));
        REQUIRE(found != read->end());
        CHECK(found->data.type == value.data.type);
        CHECK(found->data.bytes == value.data.bytes);
    }
}

TEST_CASE("a value of a megabyte is read whole, and so are the small ones around it") {
    Bench bench(GENERATE(from_range(systems())));
    Bytes large(1024 * 1024);
    for (std::size_t at = 0; at < large.size(); ++at)
        large[at] = static_cast<std::uint8_t>(at * 31 + at / 251);
    bench.editor().set_value(u"", u"a", {ValueType::binary, {1}});
    bench.editor().set_value(u"", u"b", {ValueType::binary, large});
    bench.editor().set_value(u"", u"c", {ValueType::binary, {3}});

    auto values = bench.open(u"")->values().value();
    std::sort(values.begin(), values.end(),
              [](const Value& a, const Value& b) { return a.name < b.name; });
    REQUIRE(values.size() == 3);
    CHECK(values[0].data.bytes == Bytes{1});
    CHECK((values[1].data.bytes == large));  // not printed when it differs
    CHECK(values[2].data.bytes == Bytes{3});
}

TEST_CASE("keys whose names hold a NUL are listed and opened by every way") {
    Bench bench(GENERATE(from_range(systems())));
    const std::u16string name = u"nul" + kNul + u"inside";
    bench.editor().create_key(name + u"\\below");
    bench.editor().set_value(name, u"a", {ValueType::binary, {1}});

    CHECK(names_of(*bench.open(u"")) == std::vector<std::u16string>{name});
    const auto by_parent = bench.open(u"")->open_subkey(name);
    REQUIRE(by_parent);
    CHECK(by_parent.value()->values().value().size() == 1);
    CHECK(names_of(*bench.open(name)) == std::vector<std::u16string>{u"below"});
    CHECK(bench.try_open(name + u"\\below"));
    CHECK_FALSE(bench.try_open(u"nul"));
}

TEST_CASE("many subkeys and values are all listed, and counted by info") {
    Bench bench(GENERATE(from_range(systems())));
    std::vector<std::u16string> expected;
    for (char16_t i = 0; i < 100; ++i) {
        const std::u16string name = {u'k', static_cast<char16_t>(u'0' + i / 10),
                                     static_cast<char16_t>(u'0' + i % 10)};
        expected.push_back(name);
        bench.editor().create_key(name);
        bench.editor().set_value(u"", name, {ValueType::binary, {1}});
    }
    const auto key = bench.open(u"");
    CHECK(names_of(*key) == expected);
    CHECK(key->values().value().size() == 100);
    const auto info = key->info();
    REQUIRE(info);
    CHECK(info->subkey_count == 100);
    CHECK(info->value_count == 100);
}

TEST_CASE("a write moves the key's last write time, which its parent lists too") {
    Bench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"below");
    const auto key = bench.open(u"below");
    const WallTime before = key->info().value().last_write;
    CHECK(before > WallTime{});
    // Times have the resolution of a clock tick, so one write may not be enough.
    for (std::uint8_t i = 0; key->info().value().last_write == before && i < 255; ++i)
        for (int repeat = 0; repeat < 500; ++repeat)
            bench.editor().set_value(u"below", u"a", {ValueType::binary, {i}});
    const WallTime after = key->info().value().last_write;
    CHECK(after > before);
    const auto listed = bench.open(u"")->subkeys().value();
    REQUIRE(listed.size() == 1);
    CHECK(listed[0].last_write == after);
}

TEST_CASE("the two views of a key are different keys") {
    Bench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"only in 64", View::bits64);
    bench.editor().create_key(u"only in 32", View::bits32);
    CHECK(bench.try_open(u"only in 64", View::bits64));
    CHECK_FALSE(bench.try_open(u"only in 64", View::bits32));
    CHECK(bench.try_open(u"only in 32", View::bits32));
    CHECK_FALSE(bench.try_open(u"only in 32", View::bits64));
    CHECK(names_of(*bench.open(u"", View::bits32)) == std::vector<std::u16string>{u"only in 32"});
    CHECK(bench.open(u"", View::bits32)->open_subkey(u"only in 32"));
    CHECK(bench.open(u"", View::bits64)->native_name().value() !=
          bench.open(u"", View::bits32)->native_name().value());
}

TEST_CASE("a deleted key answers gone to everything, also when its name exists again") {
    Bench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"doomed\\below");
    const auto key = bench.open(u"doomed");
    bench.editor().delete_key(u"doomed");
    if (GENERATE(false, true)) bench.editor().create_key(u"doomed\\below");

    const auto kind_of = [](const auto& result) {
        REQUIRE_FALSE(result);
        return result.error().kind;
    };
    CHECK(kind_of(key->info()) == ErrorKind::gone);
    CHECK(kind_of(key->values()) == ErrorKind::gone);
    CHECK(kind_of(key->subkeys()) == ErrorKind::gone);
    CHECK(kind_of(key->open_subkey(u"below")) == ErrorKind::gone);
    CHECK(kind_of(key->native_name()) == ErrorKind::gone);
}

TEST_CASE("the native name of a key follows its own rename and those above it") {
    Bench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"above\\below");
    const auto key = bench.open(u"above\\below");
    const std::u16string first = key->native_name().value();
    CHECK(fold(first).starts_with(u"\\REGISTRY\\MACHINE\\"));
    CHECK(first.ends_with(u"\\above\\below"));
    CHECK(bench.open(u"above")->open_subkey(u"below").value()->native_name().value() == first);

    bench.editor().rename_key(u"above\\below", u"renamed");
    CHECK(key->native_name().value().ends_with(u"\\above\\renamed"));
    bench.editor().rename_key(u"above", u"moved");
    CHECK(key->native_name().value().ends_with(u"\\moved\\renamed"));
}

TEST_CASE("the roots can be opened and listed") {
    Bench bench(GENERATE(from_range(systems())));
    const auto machine = bench.subject().registry().open({Root::local_machine, u""});
    REQUIRE(machine);
    CHECK(machine.value()->open_subkey(u"SOFTWARE"));
    CHECK(machine.value()->info().value().subkey_count > 0);
    CHECK(equal_folded(machine.value()->native_name().value(), u"\\REGISTRY\\MACHINE"));
    const auto users = bench.subject().registry().open({Root::users, u""});
    REQUIRE(users);
    CHECK(users.value()->subkeys());
}

}  // namespace
}  // namespace regwatch::test
