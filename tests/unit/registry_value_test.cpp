#include "registry/value.h"

#include <catch2/catch_test_macros.hpp>

#include "support/samples.h"

using namespace regwatch;
using namespace regwatch::test;

TEST_CASE("every type has the name that Windows gives it") {
    CHECK(name_of(ValueType::none) == "REG_NONE");
    CHECK(name_of(ValueType::sz) == "REG_SZ");
    CHECK(name_of(ValueType::expand_sz) == "REG_EXPAND_SZ");
    CHECK(name_of(ValueType::binary) == "REG_BINARY");
    CHECK(name_of(ValueType::dword) == "REG_DWORD");
    CHECK(name_of(ValueType::dword_big_endian) == "REG_DWORD_BIG_ENDIAN");
    CHECK(name_of(ValueType::link) == "REG_LINK");
    CHECK(name_of(ValueType::multi_sz) == "REG_MULTI_SZ");
    CHECK(name_of(ValueType::resource_list) == "REG_RESOURCE_LIST");
    CHECK(name_of(ValueType::full_resource_descriptor) == "REG_FULL_RESOURCE_DESCRIPTOR");
    CHECK(name_of(ValueType::resource_requirements_list) == "REG_RESOURCE_REQUIREMENTS_LIST");
    CHECK(name_of(ValueType::qword) == "REG_QWORD");
}

TEST_CASE("a type that has no name shows its number") {
    CHECK(name_of(static_cast<ValueType>(12)) == "REG_0x0000000c");
    CHECK(name_of(static_cast<ValueType>(0xFFFF0011)) == "REG_0xffff0011");
}

TEST_CASE("a string ends before its terminator") {
    CHECK(as_string(sz(u"C:\\Temp")) == u"C:\\Temp");
    CHECK(as_string(raw_text(ValueType::expand_sz, std::u16string(u"%TEMP%\0", 7))) == u"%TEMP%");
    CHECK(as_string(sz(u"")) == u"");
}

TEST_CASE("a string without terminator is whole") {
    CHECK(as_string(raw_text(ValueType::sz, u"abc")) == u"abc");
    CHECK(as_string(raw_text(ValueType::link, u"\\REGISTRY\\MACHINE")) == u"\\REGISTRY\\MACHINE");
    CHECK(as_string({ValueType::sz, {}}) == u"");
}

TEST_CASE("earlier NULs stay part of a string") {
    CHECK(as_string(raw_text(ValueType::sz, std::u16string(u"a\0b\0\0", 5))) ==
          std::u16string(u"a\0b\0", 4));
}

TEST_CASE("lone surrogates stay part of a string") {
    const std::u16string text = {u'a', char16_t{0xD800}, u'b'};
    CHECK(as_string(sz(text)) == text);
}

TEST_CASE("an odd byte makes data unreadable as text") {
    CHECK_FALSE(as_string({ValueType::sz, {'a', 0, 'b'}}));
    CHECK_FALSE(as_strings({ValueType::multi_sz, {'a', 0, 0, 0, 0}}));
}

TEST_CASE("data of other types is no string") {
    CHECK_FALSE(as_string({ValueType::binary, {'a', 0, 0, 0}}));
    CHECK_FALSE(as_string(multi_sz({u"a"})));
    CHECK_FALSE(as_strings(sz(u"a")));
}

TEST_CASE("a list is the strings between its terminators") {
    using List = std::vector<std::u16string>;
    const auto list = [](std::u16string_view text) {
        return as_strings(raw_text(ValueType::multi_sz, text));
    };
    CHECK(as_strings(multi_sz({u"a", u"bc"})) == List{u"a", u"bc"});
    CHECK(as_strings(multi_sz({u"a", u"", u"b"})) == List{u"a", u"", u"b"});
    CHECK(as_strings(multi_sz({u"", u"a"})) == List{u"", u"a"});
    CHECK(as_strings(multi_sz({u"a", u""})) == List{u"a", u""});
    CHECK(as_strings(multi_sz({})) == List{});
    CHECK(list(std::u16string_view(u"\0\0", 2)) == List{});
    CHECK(list(u"") == List{});
    CHECK(list(std::u16string_view(u"a\0bc\0", 5)) == List{u"a", u"bc"});
    CHECK(list(std::u16string_view(u"a\0bc", 4)) == List{u"a", u"bc"});
}

TEST_CASE("numbers are read in the order of their type") {
    CHECK(as_number(dword(0x01020304)) == 0x01020304U);
    CHECK(as_number({ValueType::dword_big_endian, {1, 2, 3, 4}}) == 0x01020304U);
    CHECK(as_number(qword(0x0102030405060708)) == 0x0102030405060708U);
    CHECK(as_number(qword(0xFFFFFFFFFFFFFFFF)) == 0xFFFFFFFFFFFFFFFFU);
}

TEST_CASE("data of another size is no number") {
    CHECK_FALSE(as_number({ValueType::dword, {}}));
    CHECK_FALSE(as_number({ValueType::dword, {1, 2, 3}}));
    CHECK_FALSE(as_number({ValueType::dword, {1, 2, 3, 4, 5}}));
    CHECK_FALSE(as_number({ValueType::qword, {1, 2, 3, 4}}));
    CHECK_FALSE(as_number({ValueType::dword_big_endian, {1}}));
    CHECK_FALSE(as_number(binary({1, 2, 3, 4})));
}

TEST_CASE("a type that changes is a change without its data changing") {
    CHECK(raw_text(ValueType::sz, u"x") != raw_text(ValueType::expand_sz, u"x"));
    CHECK(raw_text(ValueType::sz, u"x") == raw_text(ValueType::sz, u"x"));
}
