#include "registry/key_path.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "registry/views.h"
#include "text/utf.h"

using namespace regwatch;

namespace {

KeyPath parsed(std::u16string_view text) {
    const Result<KeyPath> path = KeyPath::parse(text);
    if (!path) FAIL(path.error().text());
    return path.value();
}

std::string reason(std::u16string_view text) {
    const Result<KeyPath> path = KeyPath::parse(text);
    if (path) FAIL("was accepted as " << path->utf8());
    CHECK(path.error().kind == ErrorKind::invalid);
    return path.error().reason;
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every spelling of a key of the machine is the same key") {
    const KeyPath expected{Root::local_machine, u"SOFTWARE\\Example", View::bits64};
    for (const std::u16string_view text : {
             u"HKLM\\SOFTWARE\\Example",
             u"hklm\\SOFTWARE\\Example",
             u"HKEY_LOCAL_MACHINE\\SOFTWARE\\Example",
             u"HKLM:\\SOFTWARE\\Example",
             u"Registry::HKEY_LOCAL_MACHINE\\SOFTWARE\\Example",
             u"registry::HKLM\\SOFTWARE\\Example",
             u"Microsoft.PowerShell.Core\\Registry::HKEY_LOCAL_MACHINE\\SOFTWARE\\Example",
             u"Computer\\HKEY_LOCAL_MACHINE\\SOFTWARE\\Example",
             u"Ordinateur\\HKEY_LOCAL_MACHINE\\SOFTWARE\\Example",
             u"\\REGISTRY\\MACHINE\\SOFTWARE\\Example",
             u"\\Registry\\Machine\\SOFTWARE\\Example",
             u"HKLM\\SOFTWARE\\Example\\",
         }) {
        CHECK(parsed(text) == expected);
    }
}

TEST_CASE("every root is known by both its names") {
    CHECK(parsed(u"HKU\\S-1-5-18").root == Root::users);
    CHECK(parsed(u"HKEY_USERS\\S-1-5-18") == parsed(u"\\REGISTRY\\USER\\S-1-5-18"));
    CHECK(parsed(u"HKCU\\Software").root == Root::current_user);
    CHECK(parsed(u"HKEY_CURRENT_USER\\Software") == parsed(u"HKCU\\Software"));
    CHECK(parsed(u"HKCR\\.txt") == parsed(u"HKLM\\SOFTWARE\\Classes\\.txt"));
    CHECK(parsed(u"HKEY_CLASSES_ROOT") == parsed(u"HKLM\\SOFTWARE\\Classes"));
    CHECK(parsed(u"HKCC\\Software") ==
          parsed(u"HKLM\\SYSTEM\\CurrentControlSet\\Hardware Profiles\\Current\\Software"));
    CHECK(parsed(u"HKEY_CURRENT_CONFIG") == parsed(u"HKCC"));
}

TEST_CASE("a root by itself is a key") {
    for (const std::u16string_view text :
         {u"HKLM", u"HKLM\\", u"HKLM:\\", u"Computer\\HKEY_LOCAL_MACHINE",
          u"\\REGISTRY\\MACHINE"}) {
        CHECK(parsed(text).is_root());
        CHECK(parsed(text).text() == u"HKLM");
    }
    CHECK_FALSE(parsed(u"HKLM\\SOFTWARE").is_root());
}

TEST_CASE("a name may look like a root, hold '/', and begin or end with a space") {
    CHECK(parsed(u"HKLM\\HKEY_USERS").subkey == u"HKEY_USERS");
    CHECK(parsed(u"HKLM:\\HKEY_USERS").subkey == u"HKEY_USERS");
    CHECK(parsed(u"HKLM\\SOFTWARE\\text/html\\ x ").subkey == u"SOFTWARE\\text/html\\ x ");
    CHECK(parsed(u"HKLM\\a/b").components() == std::vector<std::u16string>{u"a/b"});
}

TEST_CASE("a name need not be well-formed text") {
    const std::u16string name = {u'a', char16_t{0xD800}};
    CHECK(parsed(u"HKLM\\" + name).subkey == name);
    const Result<KeyPath> path = KeyPath::parse(std::string_view("HKLM\\a\xED\xA0\x80"));
    REQUIRE(path);
    CHECK(path->subkey == name);
    CHECK(path->utf8() == "HKLM\\a\\u{d800}");
}

TEST_CASE("what is not UTF-8 is refused and not guessed at") {
    const Result<KeyPath> path = KeyPath::parse(std::string_view("HKLM\\a\xFFz"));
    REQUIRE_FALSE(path);
    CHECK(path.error().reason == "it is not valid UTF-8");
}

TEST_CASE("a control character is answered with the doubled backslash") {
    // What JSON makes of "HKLM\run" and "HKLM\SOFTWARE\new\table".
    CHECK(reason(u"HKLM\run") ==
          "it holds the control character \\u{d} at position 5; in JSON a backslash is written "
          "twice: double the backslash");
    CHECK(contains(reason(u"HKLM\\SOFTWARE\new\table"), "\\u{a} at position 14"));
    CHECK(contains(reason(std::u16string(u"HKLM\\a\0b", 8)), "\\u{0}"));
    CHECK(contains(reason(u"HKLM\\a\u007F"), "\\u{7f}"));
}

TEST_CASE("a root that is misspelt is answered with the nearest name") {
    CHECK(reason(u"HKML\\SOFTWARE") ==
          "'HKML' is none of HKLM, HKU, HKCU, HKCR, HKCC; did you mean HKLM?");
    CHECK(contains(reason(u"HKEY_LOCAL_MACHIN\\SOFTWARE"), "did you mean HKEY_LOCAL_MACHINE?"));
    CHECK(contains(reason(u"HKLOCAL_MACHINE"), "did you mean HKEY_LOCAL_MACHINE?"));
    CHECK(contains(reason(u" HKLM\\SOFTWARE"), "did you mean HKLM?"));
    CHECK_FALSE(contains(reason(u"C:\\Windows\\System32"), "did you mean"));
    CHECK_FALSE(contains(reason(u"SOFTWARE\\Example"), "did you mean"));
}

TEST_CASE("slashes in place of backslashes are noticed") {
    CHECK(contains(reason(u"HKLM/SOFTWARE/Example"), "write '\\' between the parts"));
}

TEST_CASE("roots that hold no keys are refused with the reason") {
    for (const std::u16string_view text :
         {u"HKPD", u"HKEY_PERFORMANCE_DATA\\x", u"HKEY_DYN_DATA", u"HKEY_PERFORMANCE_TEXT"}) {
        CHECK(contains(reason(text), "its data is computed when it is read"));
    }
}

TEST_CASE("paths that lead elsewhere are refused") {
    CHECK(contains(reason(u"\\\\server\\HKLM\\SOFTWARE"), "another computer"));
    CHECK(contains(reason(u"\\HKLM\\SOFTWARE"), "begins with a backslash"));
    CHECK(contains(reason(u"\\REGISTRY\\A\\{x}"), "only MACHINE and USER"));
    CHECK(contains(reason(u"\\REGISTRY"), "begins with a backslash"));
    CHECK(contains(reason(u""), "it is empty"));
    CHECK(contains(reason(u"Computer\\"), "is none of"));
    CHECK(contains(reason(u"Registry::"), "is none of"));
}

TEST_CASE("an empty part is refused") {
    for (const std::u16string_view text : {u"HKLM\\\\SOFTWARE", u"HKLM\\SOFTWARE\\\\Example",
                                           u"HKLM\\SOFTWARE\\\\", u"HKLM\\\\", u"HKLM\\\\\\"}) {
        CHECK(contains(reason(text), "two backslashes"));
    }
}

TEST_CASE("the limits of the registry are the limits of a path") {
    CHECK(parsed(u"HKLM\\" + std::u16string(255, u'x')).leaf().size() == 255);
    CHECK(contains(reason(u"HKLM\\" + std::u16string(256, u'x')), "a part of it has 256"));
    std::u16string deep = u"HKLM";
    for (int i = 0; i < 512; ++i) deep += u"\\x";
    CHECK(parsed(deep).components().size() == 512);
    CHECK(contains(reason(deep + u"\\x"), "deeper than 512 levels"));
}

TEST_CASE("an error names the path and makes it safe to print") {
    const Result<KeyPath> path = KeyPath::parse(std::u16string_view(u"\x1b[2JHKLM"));
    REQUIRE_FALSE(path);
    CHECK(path.error().subject == "\\u{1b}[2JHKLM");
}

TEST_CASE("what a path prints is parsed to the same path") {
    for (const std::u16string_view text :
         {u"HKLM", u"HKU\\S-1-5-18\\Environment", u"HKCU\\Software", u"HKCR\\.txt", u"HKCC"}) {
        const KeyPath path = parsed(text);
        CHECK(parsed(path.text()) == path);
        CHECK(to_utf16(path.utf8()) == path.text());
    }
}

TEST_CASE("a key of the 32-bit view has a name for 64-bit programs") {
    const auto wide = [](std::u16string_view text) {
        const KeyPath key = as_64bit(KeyPath::parse(text, View::bits32).value());
        CHECK(key.view == View::bits64);
        CHECK(as_64bit(key) == key);
        return key.text();
    };
    CHECK(wide(u"HKLM\\SOFTWARE") == u"HKLM\\SOFTWARE\\WOW6432Node");
    CHECK(wide(u"HKLM\\Software\\A\\B") == u"HKLM\\Software\\WOW6432Node\\A\\B");
    CHECK(wide(u"HKLM\\SOFTWARE\\PoliciesX") == u"HKLM\\SOFTWARE\\WOW6432Node\\PoliciesX");
    CHECK(wide(u"HKLM\\SOFTWARE\\Classes\\clsid\\{x}") ==
          u"HKLM\\SOFTWARE\\Classes\\WOW6432Node\\clsid\\{x}");
    CHECK(wide(u"HKU\\S-1-5-21-7\\Software\\Classes\\Interface") ==
          u"HKU\\S-1-5-21-7\\Software\\Classes\\WOW6432Node\\Interface");
    CHECK(wide(u"HKU\\S-1-5-21-7_Classes\\CLSID") ==
          u"HKU\\S-1-5-21-7_Classes\\WOW6432Node\\CLSID");
    CHECK(wide(u"HKCU\\Software\\Classes\\CLSID") ==
          u"HKCU\\Software\\Classes\\WOW6432Node\\CLSID");
    // Shared, or in no view of its own.
    for (const std::u16string_view same :
         {u"HKLM", u"HKLM\\SYSTEM\\A", u"HKLM\\SOFTWARE\\Policies\\A",
          u"HKLM\\SOFTWARE\\Classes\\.txt", u"HKLM\\SOFTWARE\\Classes",
          u"HKLM\\SOFTWARE\\WOW6432Node\\A", u"HKU", u"HKCU\\Software\\A",
          u"HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution "
          u"Options\\a.exe",
          u"HKU\\S-1-5-21-7\\Software\\A", u"HKU\\S-1-5-21-7_Classes\\.txt"}) {
        CHECK(wide(same) == same);
    }
}

TEST_CASE("keys that differ in case are one key, and in anything else two") {
    CHECK(parsed(u"HKLM\\Software\\é").folded() == parsed(u"hklm\\SOFTWARE\\É").folded());
    CHECK(parsed(u"HKLM\\a").folded() != parsed(u"HKU\\a").folded());
    KeyPath narrow = parsed(u"HKLM\\a");
    narrow.view = View::bits32;
    CHECK(narrow.folded() != parsed(u"HKLM\\a").folded());
    CHECK(KeyPath::parse(u"HKLM\\a", View::bits32).value() == narrow);
}

TEST_CASE("a path leads up to its root and down to its children") {
    const KeyPath path = parsed(u"HKLM\\SOFTWARE\\Example");
    CHECK(path.leaf() == u"Example");
    CHECK(path.components() == std::vector<std::u16string>{u"SOFTWARE", u"Example"});
    REQUIRE(path.parent());
    CHECK(*path.parent() == parsed(u"HKLM\\SOFTWARE"));
    CHECK(*path.parent()->parent() == parsed(u"HKLM"));
    CHECK_FALSE(parsed(u"HKLM").parent());
    CHECK(parsed(u"HKLM").leaf().empty());
    CHECK(parsed(u"HKLM").components().empty());
    CHECK(path.parent()->child(u"Example") == path);
    CHECK(parsed(u"HKLM").child(u"SOFTWARE") == parsed(u"HKLM\\SOFTWARE"));
}

TEST_CASE("wildcards are found wherever they are") {
    CHECK(parsed(u"HKU\\*\\Software").has_wildcards());
    CHECK(parsed(u"HKLM\\SYSTEM\\ControlSet00?").has_wildcards());
    CHECK_FALSE(parsed(u"HKLM\\SOFTWARE").has_wildcards());
}
