// What of a watched key is looked at.
#include "registry/selection.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "registry/concealed.h"
#include "text/sha256.h"

namespace regwatch::test {
namespace {

using Choice = Selection::Subkey;

TEST_CASE("without patterns everything is read") {
    CHECK(kSelectAll.takes_all_subkeys());
    CHECK(kSelectAll.takes_all_values());
    CHECK(kSelectAll.subkey(u"a\\b") == Choice::read);
    CHECK(kSelectAll.wants_value(u""));
}

TEST_CASE("below the deepest level only names are seen") {
    Selection selection;
    selection.max_depth = 1;
    CHECK(selection.subkey(u"a") == Choice::read);
    CHECK(selection.subkey(u"a\\b") == Choice::named);
}

TEST_CASE("an excluded subkey is left out whatever else is said") {
    Selection selection;
    selection.include_subkeys = {PathPattern(u"Soft*")};
    selection.exclude_subkeys = {PathPattern(u"**\\Cache")};
    CHECK(selection.subkey(u"SOFTWARE") == Choice::read);
    CHECK(selection.subkey(u"software\\x") == Choice::read);
    CHECK(selection.subkey(u"software\\x\\CACHE") == Choice::left_out);
    CHECK(selection.subkey(u"Other") == Choice::left_out);
}

TEST_CASE("the way to an included subkey is passed, as far as the depth allows") {
    Selection selection;
    selection.include_subkeys = {PathPattern(u"*\\Run")};
    CHECK(selection.subkey(u"x") == Choice::passed);
    CHECK(selection.subkey(u"x\\Run") == Choice::read);
    CHECK(selection.subkey(u"x\\Run\\below") == Choice::read);
    CHECK(selection.subkey(u"x\\Other") == Choice::left_out);
    selection.max_depth = 0;
    CHECK(selection.subkey(u"x") == Choice::left_out);
}

TEST_CASE("values of a subkey are read where nothing above it is left out") {
    CHECK(kSelectAll.reads(u"a\\b"));
    Selection selection;
    selection.max_depth = 2;
    selection.exclude_subkeys = {PathPattern(u"Cache")};
    CHECK(selection.reads(u"a\\b"));
    CHECK_FALSE(selection.reads(u"a\\b\\c"));
    CHECK_FALSE(selection.reads(u"cache"));
    CHECK_FALSE(selection.reads(u"Cache\\b"));
    selection.include_subkeys = {PathPattern(u"a\\b")};
    CHECK(selection.reads(u"a\\b"));
    CHECK_FALSE(selection.reads(u"a"));
    CHECK_FALSE(selection.reads(u"a\\x"));
}

TEST_CASE("values are chosen by their names, the default value by (Default)") {
    Selection selection;
    selection.include_values = {u"Image*", u"(default)"};
    selection.exclude_values = {u"*Temp"};
    CHECK(selection.wants_value(u"IMAGEPATH"));
    CHECK(selection.wants_value(u""));
    CHECK_FALSE(selection.wants_value(u"ImageTemp"));
    CHECK_FALSE(selection.wants_value(u"Start"));
}

TEST_CASE("of a redacted value a snapshot holds whether it is the same, its type and its size") {
    Selection selection;
    selection.exclude_values = {u"Noise"};
    selection.redact = {u"*password*"};
    const auto kept = [&](std::uint8_t last) {
        std::vector<Value> values = {{u"Noise", {ValueType::binary, {1}}},
                                     {u"Open", {ValueType::binary, {1, 2, 3}}},
                                     {u"DefaultPassword", {ValueType::sz, {7, 8, last}}}};
        selection.keep_wanted(values);
        return values;
    };
    const std::vector<Value> first = kept(9);
    REQUIRE(first.size() == 2);
    CHECK(first[0].data.bytes == Bytes{1, 2, 3});
    const ValueData& hidden = first[1].data;
    CHECK(hidden.type == ValueType::sz);
    CHECK(concealed_size(hidden) == 3);
    CHECK(hidden == kept(9)[1].data);
    CHECK_FALSE(hidden == kept(10)[1].data);
    CHECK(may_be_same_concealed(hidden, kept(10)[1].data));
    const Bytes& bytes = hidden.bytes;
    const Bytes secret = {7, 8, 9};
    CHECK(std::search(bytes.begin(), bytes.end(), secret.begin(), secret.end()) == bytes.end());
    const std::string plain = sha256(secret).substr(0, 32);
    CHECK(std::string(bytes.begin() + 8, bytes.end()) != plain);
}

TEST_CASE("nothing can be had of concealed data that is no such thing") {
    CHECK(concealed_size({}) == 0);
    CHECK(concealed_size({ValueType::binary, {5}}) == 5);
}

}  // namespace
}  // namespace regwatch::test
