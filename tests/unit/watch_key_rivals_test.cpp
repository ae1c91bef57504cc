// Which of the keys of a watch leads to a key, where several do.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "watch/key_rivals.h"

namespace regwatch::test {
namespace {

KeyPath key(std::u16string_view text, View view = View::bits64) {
    return KeyPath::parse(text, view).value();
}

// Whether the second of two keys of a watch leaves the third to the first.
bool leaves(const KeyPath& first, const KeyPath& second, const KeyPath& found) {
    const auto rivals = rivals_of({first, second}, u"ControlSet001");
    CHECK_FALSE(rivals[0].have(found));
    return rivals[1].have(found);
}

TEST_CASE("a pattern leaves to a name, wherever that stands, and to a pattern before it") {
    const KeyPath one = key(u"HKLM\\A\\One");
    const KeyPath some = key(u"HKLM\\A\\*");
    CHECK(leaves(one, some, key(u"hklm\\a\\ONE")));
    CHECK_FALSE(leaves(one, some, key(u"HKLM\\A\\Other")));
    CHECK_FALSE(leaves(one, some, key(u"HKU\\A\\One")));
    const auto rivals = rivals_of({some, one}, u"");
    CHECK(rivals[0].have(one));
    CHECK_FALSE(rivals[1].have(one));
    CHECK(leaves(key(u"HKLM\\A\\O*"), some, one));
    CHECK(leaves(key(u"HKLM\\**\\One"), some, one));
    CHECK_FALSE(leaves(key(u"HKLM\\A\\T*"), some, one));
}

TEST_CASE("all names of a key lead to it") {
    const KeyPath by_link = key(u"HKLM\\SYSTEM\\CurrentControlSet\\Services\\X");
    const KeyPath by_number = key(u"HKLM\\SYSTEM\\ControlSet001\\Services\\X");
    CHECK(leaves(by_link, by_number, by_number));
    CHECK(leaves(by_link, key(u"HKLM\\SYSTEM\\ControlSet*\\Services\\X"), by_number));
    CHECK_FALSE(leaves(by_link, key(u"HKLM\\SYSTEM\\ControlSet*\\Services\\X"),
                       key(u"HKLM\\SYSTEM\\ControlSet002\\Services\\X")));
    CHECK(leaves(key(u"HKLM\\SYSTEM\\CurrentControlSet"), key(u"HKLM\\SYSTEM\\ControlSet001"),
                 key(u"HKLM\\SYSTEM\\ControlSet001")));

    const KeyPath narrow = key(u"HKLM\\SOFTWARE\\X", View::bits32);
    const KeyPath node = key(u"HKLM\\SOFTWARE\\WOW6432Node\\X");
    CHECK(leaves(narrow, node, node));
    CHECK(leaves(node, narrow, narrow));
    CHECK(leaves(narrow, key(u"HKLM\\SOFTWARE\\**\\X"), node));
    CHECK_FALSE(leaves(key(u"HKLM\\SOFTWARE\\X"), narrow, narrow));

    const KeyPath hive = key(u"HKU\\.DEFAULT\\Software\\X");
    CHECK(leaves(hive, key(u"HKU\\S-1-5-18\\Software\\X"), key(u"HKU\\S-1-5-18\\Software\\X")));
    CHECK(leaves(hive, key(u"HKU\\*\\Software\\X"), hive));
}

TEST_CASE("the classes of a user have two names, and HKCU is the people's hives") {
    const KeyPath mine = key(u"HKU\\S-1-5-21-1\\Software\\Classes\\X");
    const KeyPath second = key(u"HKU\\S-1-5-21-1_Classes\\X");
    CHECK(leaves(mine, second, second));
    const KeyPath everybody = key(u"HKCU\\Software\\Classes\\X");
    CHECK(leaves(mine, everybody, mine));
    CHECK(leaves(everybody, key(u"HKU\\*_Classes\\X"), second));
    CHECK(leaves(everybody, key(u"HKU\\*\\Software\\Classes\\X"), mine));
    const KeyPath service = key(u"HKU\\S-1-5-19\\Software\\Classes\\X");
    CHECK_FALSE(leaves(everybody, key(u"HKU\\*\\Software\\Classes\\X"), service));
}

TEST_CASE("many keys of a watch that have nothing in common have no rivals") {
    std::vector<KeyPath> keys;
    for (int i = 0; i < 20'000; ++i) {
        const std::string number = std::to_string(i);
        const std::u16string name(number.begin(), number.end());
        keys.push_back(key(u"HKLM\\SOFTWARE\\Example\\K" + name));
        keys.push_back(key(u"HKCU\\Software\\Example\\U" + name));
    }
    const auto rivals = rivals_of(keys, u"");
    CHECK(std::count(rivals.begin(), rivals.end(), Rivals()) ==
          static_cast<std::ptrdiff_t>(keys.size()));
}

}  // namespace
}  // namespace regwatch::test
