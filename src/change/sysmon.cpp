#include "change/sysmon.h"

#include <array>
#include <cstdio>
#include <string_view>

#include "change/data_text.h"
#include "registry/views.h"
#include "text/fold.h"
#include "text/utf.h"

namespace regwatch {
namespace {

bool is_at_or_below(std::u16string_view path, std::u16string_view place) {
    return equal_folded(path.substr(0, place.size()), place) &&
           (path.size() == place.size() || path[place.size()] == u'\\');
}

// Of a person, HKU\S-1-5-21-…\Software\Classes is a link to a hive of its own.
std::u16string with_companion_hive(const std::u16string& text) {
    const std::size_t sid = text.find(u'\\');
    const std::size_t end = sid == std::u16string::npos ? sid : text.find(u'\\', sid + 1);
    if (end == std::u16string::npos) return text;
    constexpr std::u16string_view kClasses = u"Software\\Classes";
    const std::u16string_view below = std::u16string_view(text).substr(end + 1);
    if (!is_at_or_below(below, kClasses) || !matches_glob(u"HKU\\S-1-5-21-*", text)) return text;
    return text.substr(0, end).append(u"_Classes").append(below.substr(kClasses.size()));
}

// The key as Sysmon names it: the machine's classes have a root of their own there, and the control
// set that the system was started with is the current one.
std::u16string key_text(const KeyPath& viewed, const std::u16string& control_set) {
    const KeyPath key = as_64bit(viewed);
    std::u16string text = key.text();
    if (key.root == Root::users) return with_companion_hive(text);
    constexpr std::u16string_view kClasses = u"HKLM\\SOFTWARE\\Classes";
    if (is_at_or_below(text, kClasses)) {
        return std::u16string(u"HKCR").append(text.substr(kClasses.size()));
    }
    const std::u16string current = u"HKLM\\SYSTEM\\" + control_set;
    if (!control_set.empty() && is_at_or_below(text, current)) {
        return std::u16string(u"HKLM\\SYSTEM\\CurrentControlSet")
            .append(text.substr(current.size()));
    }
    return text;
}

std::u16string details_of(const ChangeData& data) {
    if (data.redacted) return u"(Redacted)";
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
    fields.target_object = key_text(change.key, change.control_set);
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
            fields.new_name = key_text(key_after(change), change.control_set);
            break;
        case DifferenceKind::security_changed:
            fields.event_code = 12;
            fields.event_type = "SetSecurity";
            break;
    }
    return fields;
}

}  // namespace regwatch
