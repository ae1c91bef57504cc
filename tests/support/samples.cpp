#include "support/samples.h"

#include <chrono>
#include <utility>

namespace regwatch::test {
namespace {

Bytes to_bytes(std::u16string_view text) {
    Bytes bytes;
    for (const char16_t unit : text) {
        bytes.push_back(static_cast<std::uint8_t>(unit & 0xFF));
        bytes.push_back(static_cast<std::uint8_t>(unit >> 8));
    }
    return bytes;
}

Bytes little_endian(std::uint64_t number, int size) {
    Bytes bytes;
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
    return bytes;
}

Change a_change() {
    using namespace std::chrono;
    constexpr sys_days day{2026y / November / 2};
    Change change;
    change.id = "01KBX0000000000000000000AB";
    change.sequence = 48213;
    change.key = {Root::local_machine, u"SOFTWARE\\Example\\Run", View::bits64};
    change.detected_at = day + 10h + 15min + 30s + WallTicks{1234567};
    change.not_before = day + 10h + 15min + 29s;
    change.key_last_write = day + 10h + 15min + 30s + WallTicks{1000000};
    change.watch = "run-keys";
    change.tags = {"asep", "logon"};
    change.techniques = {"T1547.001"};
    change.severity = Severity::high;
    return change;
}

}  // namespace

ValueData raw_text(ValueType type, std::u16string_view text) { return {type, to_bytes(text)}; }

ValueData sz(std::u16string_view text) {
    return raw_text(ValueType::sz, std::u16string(text) + u'\0');
}

ValueData multi_sz(std::initializer_list<std::u16string_view> strings) {
    std::u16string text;
    for (const std::u16string_view string : strings) text.append(string).push_back(u'\0');
    return raw_text(ValueType::multi_sz, text + u'\0');
}

ValueData dword(std::uint32_t number) { return {ValueType::dword, little_endian(number, 4)}; }

ValueData qword(std::uint64_t number) { return {ValueType::qword, little_endian(number, 8)}; }

ValueData binary(std::initializer_list<std::uint8_t> bytes) { return {ValueType::binary, bytes}; }

Change value_change(std::optional<ValueData> before, std::optional<ValueData> after) {
    Change change = a_change();
    change.kind = after ? DifferenceKind::value_set : DifferenceKind::value_deleted;
    change.value_name = u"Updater";
    change.before = std::move(before);
    change.after = std::move(after);
    return change;
}

Change key_change(DifferenceKind kind) {
    Change change = a_change();
    change.kind = kind;
    return change;
}

Change renamed_key(std::u16string new_name) {
    Change change = key_change(DifferenceKind::key_renamed);
    change.new_name = std::move(new_name);
    return change;
}

Change security_change(std::string before, std::string after) {
    Change change = key_change(DifferenceKind::security_changed);
    change.security_before = std::move(before);
    change.security_after = std::move(after);
    return change;
}

SharedChange numbered_change(std::uint64_t sequence) {
    Change made = value_change(std::nullopt, dword(1));
    made.sequence = sequence;
    return std::make_shared<const Change>(std::move(made));
}

}  // namespace regwatch::test
