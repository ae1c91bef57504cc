#include "change/sysmon.h"

#include <array>
#include <cstdio>
#include <string_view>

#include "change/data_text.h"
#include "text/fold.h"
#include "text/utf.h"

namespace regwatch {
namespace {

// The key as Sysmon names it: the machine's classes have a root of their own there.
std::u16string key_text(const KeyPath& key) {
    constexpr std::u16string_view kClasses = u"HKLM\\SOFTWARE\\Classes";
    std::u16string text = key.text();
    const std::u16string_view whole = text;
    if (!equal_folded(whole.substr(0, kClasses.size()), kClasses)) return text;
    const std::u16string_view below = whole.substr(kClasses.size());
    if (!below.empty() && below.front() != u'\\') return text;
    return std::u16string(u"HKCR").append(below);
}

std::u16string details_of(const ValueData& data) {
    if (data.bytes.empty()) return u"(Empty)";
    if (data.type == ValueType::sz || data.type == ValueType::expand_sz) {
        const std::optional<std::u16string> text = as_string(data);
        if (!text) return u"Binary Data";
        return text->empty() ? u"(Empty)" : *text;
    }
    const std::optional<std::uint64_t> number = as_number(data);
    std::array<char, 40> text{};
    if (number && data.type == ValueType::dword) {
        std::snprintf(text.data(), text.size(), "DWORD (0x%08x)", static_cast<unsigned>(*number));
    } else if (number && data.type == ValueType::qword) {
        std::snprintf(text.data(), text.size(), "QWORD (0x%08x-0x%08x)",
                      static_cast<unsigned>(*number >> 32),
                      static_cast<unsigned>(*number & 0xFFFFFFFF));
    } else {
        return u"Binary Data";
    }
    return to_utf16(text.data());
}

}  // namespace

SysmonFields sysmon_fields(const Change& change) {
    SysmonFields fields;
    fields.target_object = key_text(change.key);
    const std::u16string value = change.value_name.empty() ? kDefaultValueText : change.value_name;
    switch (change.kind) {
        case DifferenceKind::value_set:
            fields.target_object.append(u"\\").append(value);
            fields.details = change.after ? details_of(*change.after) : u"(Empty)";
            break;
        case DifferenceKind::value_deleted:
            fields.event_code = 12;
            fields.event_type = "DeleteValue";
            fields.target_object.append(u"\\").append(value);
            break;
        case DifferenceKind::key_created:
            fields.event_code = 12;
            fields.event_type = "CreateKey";
            break;
        case DifferenceKind::key_deleted:
            fields.event_code = 12;
            fields.event_type = "DeleteKey";
            break;
        case DifferenceKind::key_renamed:
            fields.event_code = 14;
            fields.event_type = "RenameKey";
            fields.new_name = key_text(key_after(change));
            break;
        case DifferenceKind::security_changed:
            fields.event_code = 12;
            fields.event_type = "SetSecurity";
            break;
    }
    return fields;
}

}  // namespace regwatch
