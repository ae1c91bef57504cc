// What history, undo and export print and write.
#include <catch2/catch_test_macros.hpp>

#include <string>

#include "change/reg_file.h"
#include "change/registry_edit.h"
#include "service/history_text.h"
#include "support/samples.h"
#include "text/utf.h"

namespace regwatch::test {
namespace {

std::u16string file_text(const std::vector<RegistryEdit>& edits) {
    const std::string bytes = to_reg_file(edits);
    std::u16string text;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        text += static_cast<char16_t>(static_cast<unsigned char>(bytes[i]) |
                                      static_cast<unsigned char>(bytes[i + 1]) << 8);
    }
    return text;
}

RegistryEdit set(std::u16string name, ValueData data) {
    return {RegistryEdit::Kind::set_value,
            {Root::local_machine, u"SOFTWARE\\Example", View::bits64},
            std::move(name),
            std::move(data)};
}

const std::u16string kHead = u"\uFEFFWindows Registry Editor Version 5.00\r\n";

}  // namespace

TEST_CASE("a change is taken back by its old data, and made again by its new one") {
    const Change changed = value_change(dword(1), dword(2));
    CHECK(inverse_edit(changed)->data == dword(1));
    CHECK(forward_edit(changed)->data == dword(2));
    CHECK(inverse_edit(value_change(std::nullopt, dword(2)))->kind ==
          RegistryEdit::Kind::delete_value);
    CHECK(inverse_edit(value_change(dword(1), std::nullopt))->kind ==
          RegistryEdit::Kind::set_value);
    CHECK(inverse_edit(key_change(DifferenceKind::key_created))->kind ==
          RegistryEdit::Kind::delete_key);
    CHECK(inverse_edit(key_change(DifferenceKind::key_deleted))->kind ==
          RegistryEdit::Kind::create_key);
}

TEST_CASE("a change that cannot be taken back says why") {
    const auto refuses = [](const Change& change, const std::string& why) {
        CHECK_FALSE(inverse_edit(change));
        INFO(why_no_inverse_edit(change));
        CHECK(why_no_inverse_edit(change).find(why) != std::string::npos);
    };
    Change renamed = renamed_key(u"New");
    refuses(renamed, "renamed");
    refuses(renamed, "\\New");
    Change security = key_change(DifferenceKind::security_changed);
    security.security_before = "O:BAG:SYD:(A;;KA;;;BA)";
    security.security_after = "O:BAG:SYD:(A;;KA;;;WD)";
    refuses(security, "permissions");
    refuses(security, security.security_before);
    CHECK(why_no_forward_edit(security).find(security.security_after) != std::string::npos);
    Change hidden = value_change(dword(1), dword(2));
    hidden.before = redacted(ValueType::dword, 4);
    refuses(hidden, "to itself");
    Change long_one = value_change(dword(1), dword(2));
    long_one.before = truncated_to(10, ValueData{ValueType::binary, Bytes(1'000)});
    refuses(long_one, "of the 1000 bytes of the data the history has only 8");
    CHECK(why_no_inverse_edit(value_change(dword(1), dword(2))).empty());
}

TEST_CASE(
    "a reg file has its mark, one section per key, and each kind of data as reg.exe reads it") {
    RegistryEdit gone = set(u"gone", {});
    gone.kind = RegistryEdit::Kind::delete_value;
    RegistryEdit key = gone;
    key.kind = RegistryEdit::Kind::delete_key;
    CHECK(file_text({set(u"", sz(u"a \"b\" \\c")), set(u"n\\m", dword(0x1A)), gone,
                     set(u"x", raw_text(ValueType::expand_sz, u"é")), set(u"b", binary({1, 255})),
                     set(u"open", raw_text(ValueType::sz, u"x")), key}) ==
          kHead +
              u"\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Example]\r\n"
              u"@=\"a \\\"b\\\" \\\\c\"\r\n"
              u"\"n\\\\m\"=dword:0000001a\r\n"
              u"\"gone\"=-\r\n"
              u"\"x\"=hex(2):e9,00\r\n"
              u"\"b\"=hex:01,ff\r\n"
              u"\"open\"=hex(1):78,00\r\n"
              u"\r\n[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Example]\r\n");
}

TEST_CASE("a reg file has what is in the 32-bit view in the place of its own") {
    RegistryEdit narrow = set(u"n", dword(1));
    narrow.key.view = View::bits32;
    CHECK(
        file_text({narrow}).find(u"\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node\\Example]\r\n") !=
        std::u16string::npos);
}

TEST_CASE("text of a value never begins a line of a reg file") {
    const std::u16string evil = u"x\"\r\n[HKEY_LOCAL_MACHINE\\SYSTEM]\r\n\"y";
    CHECK(file_text({set(u"v", sz(evil))}).find(u"[HKEY_LOCAL_MACHINE\\SYSTEM]") ==
          std::u16string::npos);
    const std::u16string named = file_text({set(evil, dword(1))});
    CHECK(named.find(u"\r\n[HKEY_LOCAL_MACHINE\\SYSTEM]") == std::u16string::npos);
    CHECK(named.find(u"; a value whose name this format cannot hold") != std::u16string::npos);
}

TEST_CASE("a moment is a date, a time or an age") {
    const WallTime now = WallTime(WallTicks(17'000'000'000'000'000));
    CHECK(parse_moment("2h", now) == now - std::chrono::hours(2));
    CHECK(parse_moment("7d", now) == now - std::chrono::hours(168));
    const WallTime day = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 2));
    CHECK(parse_moment("2026-11-02", now) == day);
    CHECK(parse_moment("2026-11-02T10:15", now) == day + std::chrono::minutes(615));
    CHECK(parse_moment("2026-11-02T10:15:30Z", now) == day + std::chrono::seconds(36'930));
    for (const char* bad : {"", "h", "-2h", "2w", "2026-13-02", "2026-02-30", "2026-11-02T25:00",
                            "2026-11-02T10", "2026-11-02T10:15x", "yesterday"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_moment(bad, now));
    }
}

TEST_CASE("CSV quotes what must be quoted and begins no formula") {
    Change change = value_change(std::nullopt, sz(u"a,\"b\""));
    change.value_name = u"=cmd()";
    const std::string line = csv_line(change);
    CHECK(line.find("\"\"\"a,\"\"b\"\"\"\"\"") == std::string::npos);
    CHECK(line.find(",\"'=cmd()\",") != std::string::npos);
    CHECK(line.find("\"a,\"\"b\"\"\"") != std::string::npos);
    CHECK(line.ends_with("\r\n"));
}

}  // namespace regwatch::test
