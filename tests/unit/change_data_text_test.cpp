#include "change/data_text.h"

#include <catch2/catch_test_macros.hpp>

#include "change/change_data.h"
#include "support/samples.h"
#include "text/sha256.h"
#include "text/utf.h"

using namespace regwatch;
using namespace regwatch::test;

TEST_CASE("data reads as text, number, list or hex, by its type") {
    CHECK(to_text(sz(u"C:\\x")) == u"C:\\x");
    CHECK(to_text(raw_text(ValueType::expand_sz, u"%A%")) == u"%A%");
    CHECK(to_text(raw_text(ValueType::link, u"\\REGISTRY\\A")) == u"\\REGISTRY\\A");
    CHECK(to_text(dword(3389)) == u"3389 (0x00000d3d)");
    CHECK(to_text({ValueType::dword_big_endian, {0, 0, 0, 5}}) == u"5 (0x00000005)");
    CHECK(to_text(qword(0xFFFFFFFFFFFFFFFF)) == u"18446744073709551615 (0xffffffffffffffff)");
    CHECK(to_text(multi_sz({u"a", u"", u"b c"})) == u"\"a\", \"\", \"b c\"");
    CHECK(to_text(binary({0xDE, 0xAD, 0x0B})) == u"de ad 0b");
    CHECK(to_text({ValueType::none, {1}}) == u"01");
    CHECK(to_text({static_cast<ValueType>(77), {0xFF}}) == u"ff");
}

TEST_CASE("data that does not fit its type is shown in hex") {
    CHECK(to_text({ValueType::sz, {'a', 0, 'b'}}) == u"61 00 62");
    CHECK(to_text({ValueType::multi_sz, {'a'}}) == u"61");
    CHECK(to_text({ValueType::dword, {1, 2, 3, 4, 5}}) == u"01 02 03 04 05");
}

TEST_CASE("nothing is shown as a word") {
    CHECK(to_text(sz(u"")) == u"(empty)");
    CHECK(to_text(binary({})) == u"(empty)");
    CHECK(to_text(multi_sz({})) == u"(empty)");
    CHECK(to_text({ValueType::dword, {}}) == u"(empty)");
}

TEST_CASE("long binary data is shown in part, with its size") {
    ValueData data = binary({});
    data.bytes.assign(kMaxHexBytes, 0xAB);
    CHECK(to_text(data).size() == kMaxHexBytes * 3 - 1);
    data.bytes.assign(70'000, 0xAB);
    const std::u16string text = to_text(data);
    CHECK(text.starts_with(u"ab ab "));
    CHECK(text.ends_with(u" ab … (70000 bytes, SHA-256 " + to_utf16(sha256(data.bytes)) + u")"));
    CHECK(text.size() < kMaxHexBytes * 3 + 110);
    // Of data that is not all here, what is said of the rest is said once and of the whole.
    const ChangeData cut = truncated_to(1000, data);
    const std::u16string shown = to_text(cut);
    CHECK(shown.find(u"(1000 bytes") == shown.npos);
    CHECK(shown.ends_with(u" ab … (70000 bytes, SHA-256 " + to_utf16(cut.sha256) + u")"));
}

TEST_CASE("a number in hex has the digits of its size") {
    CHECK(to_hex_number(dword(10)) == "0x0000000a");
    CHECK(to_hex_number(qword(10)) == "0x000000000000000a");
    CHECK(to_hex_number(sz(u"10")).empty());
    CHECK(to_hex_number({ValueType::dword, {1}}).empty());
}
