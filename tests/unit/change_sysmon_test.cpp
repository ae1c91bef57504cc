#include "change/sysmon.h"

#include <catch2/catch_test_macros.hpp>

#include "support/samples.h"

using namespace regwatch;
using namespace regwatch::test;

namespace {

std::u16string details(const ValueData& data) {
    return sysmon_fields(value_change(std::nullopt, data)).details.value();
}

std::u16string target(std::u16string_view key) {
    Change change = key_change(DifferenceKind::key_created);
    change.key = KeyPath::parse(key).value();
    return sysmon_fields(change).target_object;
}

}  // namespace

TEST_CASE(
    "the current control set and the classes of a user have the names that Sysmon gives them") {
    Change change = key_change(DifferenceKind::key_created);
    change.key = KeyPath::parse(u"HKLM\\SYSTEM\\ControlSet001\\Services\\x").value();
    CHECK(sysmon_fields(change).target_object == u"HKLM\\SYSTEM\\ControlSet001\\Services\\x");
    change.control_set = u"ControlSet001";
    CHECK(sysmon_fields(change).target_object == u"HKLM\\SYSTEM\\CurrentControlSet\\Services\\x");
    change.control_set = u"ControlSet00";
    CHECK(sysmon_fields(change).target_object == u"HKLM\\SYSTEM\\ControlSet001\\Services\\x");
    CHECK(target(u"HKU\\S-1-5-21-1\\Software\\Classes\\CLSID") ==
          u"HKU\\S-1-5-21-1_Classes\\CLSID");
    CHECK(target(u"HKU\\S-1-5-21-1\\Software\\ClassesX") == u"HKU\\S-1-5-21-1\\Software\\ClassesX");
}

TEST_CASE("Details has the letters that Sigma's rules look for") {
    CHECK(details(sz(u"C:\\Temp\\u.exe")) == u"C:\\Temp\\u.exe");
    CHECK(details(raw_text(ValueType::expand_sz, u"%TEMP%\\x")) == u"%TEMP%\\x");
    CHECK(details(sz(u"")) == u"(Empty)");
    CHECK(details({ValueType::sz, {}}) == u"(Empty)");
    CHECK(details({ValueType::none, {}}) == u"(Empty)");
    CHECK(details(dword(1)) == u"DWORD (0x00000001)");
    CHECK(details(dword(0xd3d)) == u"DWORD (0x00000d3d)");
    CHECK(details(dword(0xFFFFFFFF)) == u"DWORD (0xffffffff)");
    CHECK(details(qword(1)) == u"QWORD (0x00000000-0x00000001)");
    CHECK(details(qword(0x123456789ABCDEF0)) == u"QWORD (0x12345678-0x9abcdef0)");
}

TEST_CASE("Details of everything else is Binary Data") {
    CHECK(details(binary({1})) == u"Binary Data");
    CHECK(details(multi_sz({u"a"})) == u"Binary Data");
    CHECK(details({ValueType::none, {1}}) == u"Binary Data");
    CHECK(details({ValueType::dword_big_endian, {0, 0, 0, 1}}) == u"Binary Data");
    CHECK(details(raw_text(ValueType::link, u"\\X")) == u"Binary Data");
    CHECK(details({ValueType::dword, {1, 2}}) == u"Binary Data");
    CHECK(details({ValueType::sz, {'a'}}) == u"Binary Data");
    CHECK(details({static_cast<ValueType>(77), {1}}) == u"Binary Data");
}

TEST_CASE("a new value and a changed one are both SetValue, event 13") {
    for (const Change& change :
         {value_change(std::nullopt, dword(1)), value_change(dword(0), dword(1))}) {
        const SysmonFields fields = sysmon_fields(change);
        CHECK(fields.event_code == 13);
        CHECK(std::string(fields.event_type) == "SetValue");
        CHECK(fields.target_object == u"HKLM\\SOFTWARE\\Example\\Run\\Updater");
    }
}

TEST_CASE("deletions and keys are event 12 without Details") {
    const SysmonFields value = sysmon_fields(value_change(dword(1), std::nullopt));
    CHECK(value.event_code == 12);
    CHECK(std::string(value.event_type) == "DeleteValue");
    CHECK(value.target_object == u"HKLM\\SOFTWARE\\Example\\Run\\Updater");
    CHECK_FALSE(value.details);

    const SysmonFields created = sysmon_fields(key_change(DifferenceKind::key_created));
    CHECK(created.event_code == 12);
    CHECK(std::string(created.event_type) == "CreateKey");
    CHECK(created.target_object == u"HKLM\\SOFTWARE\\Example\\Run");
    CHECK_FALSE(created.details);

    const SysmonFields deleted = sysmon_fields(key_change(DifferenceKind::key_deleted));
    CHECK(deleted.event_code == 12);
    CHECK(std::string(deleted.event_type) == "DeleteKey");
    CHECK_FALSE(deleted.details);
}

TEST_CASE("a renaming is event 14 with the whole new path") {
    const SysmonFields renamed = sysmon_fields(renamed_key(u"Walk"));
    CHECK(renamed.event_code == 14);
    CHECK(std::string(renamed.event_type) == "RenameKey");
    CHECK(renamed.target_object == u"HKLM\\SOFTWARE\\Example\\Run");
    CHECK(renamed.new_name == u"HKLM\\SOFTWARE\\Example\\Walk");
    CHECK_FALSE(sysmon_fields(key_change(DifferenceKind::key_created)).new_name);
}

TEST_CASE("the default value is named (Default)") {
    Change change = value_change(std::nullopt, dword(1));
    change.value_name.clear();
    CHECK(sysmon_fields(change).target_object == u"HKLM\\SOFTWARE\\Example\\Run\\(Default)");
}

TEST_CASE("a key of the 32-bit view has its node in its path") {
    Change change = value_change(dword(1), dword(2));
    change.key = KeyPath::parse(u"HKLM\\SOFTWARE\\Example", View::bits32).value();
    CHECK(sysmon_fields(change).target_object == u"HKLM\\SOFTWARE\\WOW6432Node\\Example\\Updater");
    change.key = KeyPath::parse(u"HKLM\\SOFTWARE\\Classes\\CLSID\\{x}", View::bits32).value();
    CHECK(sysmon_fields(change).target_object == u"HKCR\\WOW6432Node\\CLSID\\{x}\\Updater");
}

TEST_CASE("the machine's classes have a root of their own") {
    CHECK(target(u"HKLM\\SOFTWARE\\Classes\\.txt") == u"HKCR\\.txt");
    CHECK(target(u"HKLM\\software\\CLASSES") == u"HKCR");
    CHECK(target(u"HKCR\\CLSID\\{x}") == u"HKCR\\CLSID\\{x}");
    CHECK(target(u"HKLM\\SOFTWARE\\ClassesX\\y") == u"HKLM\\SOFTWARE\\ClassesX\\y");
    CHECK(target(u"HKU\\S-1-5-18\\SOFTWARE\\Classes") == u"HKU\\S-1-5-18\\SOFTWARE\\Classes");
}

TEST_CASE("a control set keeps its number, because which one is active is not known here") {
    CHECK(target(u"HKLM\\SYSTEM\\ControlSet001\\Services") ==
          u"HKLM\\SYSTEM\\ControlSet001\\Services");
}
