#include "change/event_entry.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "change/change.h"
#include "support/samples.h"
#include "text/sha256.h"
#include "text/utf.h"

using namespace regwatch;
using namespace regwatch::test;

namespace {

std::size_t units_in_all(const EventEntry& entry) {
    std::size_t units = 0;
    for (const std::u16string& insert : entry.inserts) units += insert.size();
    return units;
}

// How many inserts a message refers to.
std::size_t inserts_of(const EventKind& kind) {
    const std::string text = kind.text;
    std::size_t highest = 0;
    for (std::size_t i = text.find('%'); i != std::string::npos; i = text.find('%', i + 1)) {
        highest = std::max(highest, static_cast<std::size_t>(std::atoi(text.c_str() + i + 1)));
    }
    return highest;
}

}  // namespace

TEST_CASE("the inserts of a change have fixed places") {
    const EventEntry entry = event_entry(value_change(sz(u"old"), sz(u"new")));
    CHECK(entry.id == EventId::value_changed);
    CHECK(entry.level == EventLevel::warning);
    CHECK(entry.category == EventCategory::change);
    CHECK(entry.inserts ==
          std::vector<std::u16string>{u"run-keys", u"value_changed",
                                      u"HKLM\\SOFTWARE\\Example\\Run", u"Updater", u"REG_SZ",
                                      u"old", u"new", u"2026-11-02T10:15:30.1234567Z", u"48213",
                                      u"01KBX0000000000000000000AB", u"asep, logon"});
}

TEST_CASE("every kind of change has its event and all eleven inserts") {
    const auto check = [](const Change& change, EventId id, std::u16string_view kind) {
        const EventEntry entry = event_entry(change);
        CHECK(entry.id == id);
        REQUIRE(entry.inserts.size() == 11);
        CHECK(entry.inserts[1] == kind);
    };
    check(value_change(std::nullopt, dword(1)), EventId::value_created, u"value_created");
    check(value_change(dword(0), dword(1)), EventId::value_changed, u"value_changed");
    check(value_change(dword(0), std::nullopt), EventId::value_deleted, u"value_deleted");
    check(key_change(DifferenceKind::key_created), EventId::key_created, u"key_created");
    check(key_change(DifferenceKind::key_deleted), EventId::key_deleted, u"key_deleted");
    check(key_change(DifferenceKind::key_renamed), EventId::key_renamed, u"key_renamed");
    check(key_change(DifferenceKind::security_changed), EventId::key_security_changed,
          u"key_security_changed");
}

TEST_CASE("inserts that say nothing for a kind are empty") {
    const EventEntry created = event_entry(value_change(std::nullopt, dword(1)));
    CHECK(created.inserts[4] == u"REG_DWORD");
    CHECK(created.inserts[5].empty());
    CHECK(created.inserts[6] == u"1 (0x00000001)");
    const EventEntry deleted = event_entry(value_change(dword(1), std::nullopt));
    CHECK(deleted.inserts[4] == u"REG_DWORD");
    CHECK(deleted.inserts[5] == u"1 (0x00000001)");
    CHECK(deleted.inserts[6].empty());
    const EventEntry key = event_entry(key_change(DifferenceKind::key_created));
    for (const int i : {3, 4, 5, 6}) CHECK(key.inserts[static_cast<std::size_t>(i)].empty());
}

TEST_CASE("a type that changes and the default value are named") {
    Change change = value_change(sz(u"1"), dword(1));
    change.value_name.clear();
    const EventEntry entry = event_entry(change);
    CHECK(entry.inserts[3] == u"(Default)");
    CHECK(entry.inserts[4] == u"REG_SZ -> REG_DWORD");
}

TEST_CASE("an entry reads as its message says") {
    CHECK(to_utf8(render(event_entry(value_change(sz(u"old"), sz(u"new"))))) ==
          "Registry value changed.\n\nWatch: run-keys\nKey: HKLM\\SOFTWARE\\Example\\Run\n"
          "Value: Updater\nType: REG_SZ\nOld data: old\nNew data: new\n"
          "Time: 2026-11-02T10:15:30.1234567Z\nSequence: 48213\n"
          "Id: 01KBX0000000000000000000AB\nTags: asep, logon");
    CHECK(to_utf8(render(event_entry(key_change(DifferenceKind::key_deleted)))) ==
          "Registry key deleted.\n\nWatch: run-keys\nKey: HKLM\\SOFTWARE\\Example\\Run\n"
          "Time: 2026-11-02T10:15:30.1234567Z\nSequence: 48213\n"
          "Id: 01KBX0000000000000000000AB\nTags: asep, logon");
    CHECK(to_utf8(render(event_entry(EventId::service_started, {"1.0", "c.json", "2", "3"}))) ==
          "RegWatch 1.0 is watching. Configuration: c.json; watches: 2, actions: 3.");
}

TEST_CASE("an entry of a renaming has the new name, one of permissions the old and the new SDDL") {
    const EventEntry renamed = event_entry(renamed_key(u"Walk"));
    CHECK(renamed.inserts[2] == u"HKLM\\SOFTWARE\\Example\\Run");
    CHECK(renamed.inserts[6] == u"Walk");
    const EventEntry security = event_entry(security_change("O:BA", "O:SY"));
    CHECK(security.inserts[5] == u"O:BA");
    CHECK(security.inserts[6] == u"O:SY");
}

TEST_CASE("every message of the list reads without a reference left in it") {
    for (const EventKind& kind : all_event_kinds()) {
        CAPTURE(kind.name);
        const std::size_t count = inserts_of(kind);
        std::vector<std::string> inserts;
        for (std::size_t i = 1; i <= count; ++i) inserts.push_back("<" + std::to_string(i) + ">");
        const std::string text = to_utf8(render(event_entry(kind.id, inserts)));
        CHECK(text.find('%') == std::string::npos);
        if (count != 0) CHECK(text.find(inserts.back()) != std::string::npos);
    }
}

TEST_CASE("an insert that is missing leaves its reference, as in a viewer") {
    CHECK(render(event_entry(EventId::service_failed, {"starting"})) ==
          u"RegWatch could not go on while starting: %2");
}

TEST_CASE("an insert is not expanded a second time") {
    const EventEntry entry = event_entry(EventId::service_failed, {"%2 %%1 %n", "100%"});
    CHECK(entry.inserts[0] == u"%\u200B2 %\u200B%\u200B1 %n");
    CHECK(render(entry) == u"RegWatch could not go on while %\u200B2 %\u200B%\u200B1 %n: 100%");
}

TEST_CASE("names and data are escaped") {
    Change change = value_change(sz(std::u16string(u"a\0b\r\nFake: x", 12)), sz(u"\u202Ecod.exe"));
    change.value_name = {u'v', char16_t{0xD800}};
    const EventEntry entry = event_entry(change);
    CHECK(entry.inserts[3] == u"v\\u{d800}");
    CHECK(entry.inserts[5] == u"a\\u{0}b\\u{d}\\u{a}Fake: x");
    CHECK(entry.inserts[6] == u"\\u{202e}cod.exe");
}

TEST_CASE("a long insert is clipped, says so, and has the hash of the whole") {
    const ValueData whole = sz(std::u16string(40'000, u'x'));
    const EventEntry entry = event_entry(value_change(std::nullopt, whole));
    const std::u16string& data = entry.inserts[6];
    CHECK(data.size() <= kMaxInsertUnits);
    CHECK(data.size() > kMaxInsertUnits - 10);
    CHECK(data.ends_with(u" of 40000, sha256 " + to_utf16(sha256(whole.bytes)) + u"]"));
    CHECK(data.find(u"…[truncated ") != std::u16string::npos);
}

TEST_CASE("a name that is clipped has the hash of its bytes as the registry has them") {
    Change change = value_change(std::nullopt, dword(1));
    change.value_name = std::u16string(10'000, u'n');
    ValueData bytes = raw_text(ValueType::sz, change.value_name);
    CHECK(event_entry(change).inserts[3].ends_with(u", sha256 " + to_utf16(sha256(bytes.bytes)) +
                                                   u"]"));
}

TEST_CASE("exactly the limit is not clipped") {
    const std::u16string text(kMaxInsertUnits, u'x');
    CHECK(event_entry(value_change(std::nullopt, sz(text))).inserts[6] == text);
}

TEST_CASE("long inserts share what an entry may hold, and short ones stay whole") {
    Change change =
        value_change(sz(std::u16string(50'000, u'\0')), sz(std::u16string(50'000, u'%')));
    change.value_name = std::u16string(16'383, u'v');
    change.key.subkey = std::u16string(100'000, u'k');
    const EventEntry entry = event_entry(change);
    CHECK(units_in_all(entry) <= kMaxEntryUnits);
    CHECK(units_in_all(entry) > kMaxEntryUnits - 100);
    CHECK(entry.inserts[0] == u"run-keys");
    CHECK(entry.inserts[9] == u"01KBX0000000000000000000AB");
    CHECK(entry.inserts[10] == u"asep, logon");
    for (const std::size_t i : {2U, 3U, 5U, 6U}) {
        CHECK(entry.inserts[i].size() > 6'900);
        CHECK(entry.inserts[i].find(u"…[truncated ") != std::u16string::npos);
    }
}

TEST_CASE("any number of long inserts keeps to the limit of an entry") {
    const std::vector<std::string> inserts(12, std::string(9'000, '%'));
    CHECK(units_in_all(event_entry(EventId::config_invalid, inserts)) <= kMaxEntryUnits);
}

TEST_CASE("the system's number has the severity in its top bits") {
    CHECK(event_entry(EventId::service_started, {}).system_id() == 0x40000064);
    CHECK(event_entry(EventId::value_changed, {}).system_id() == 0x800003E9);
    CHECK(event_entry(EventId::service_failed, {}).system_id() == 0xC0000066);
}

TEST_CASE("what is clipped of data that is not all here is marked with the SHA-256 of all of it") {
    const ValueData data = test::sz(std::u16string(300'000, u'x'));
    Change change = test::value_change(std::nullopt, data);
    change.after = truncated_to(100'000, data);
    const auto inserts = event_entry(change).inserts;
    const std::u16string whole = to_utf16(change.after->sha256);
    const std::u16string part = to_utf16(sha256(change.after->bytes));
    std::size_t marked = 0;
    for (const std::u16string& insert : inserts) {
        if (insert.find(whole) != insert.npos) ++marked;
        CHECK(insert.find(part) == insert.npos);
    }
    CHECK(marked >= 1);
}
