#include "change/line.h"

#include <string_view>

#include "change/data_text.h"
#include "registry/views.h"
#include "text/utf.h"

namespace regwatch {
namespace {

constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kReset = "\x1b[0m";

std::string paint(const std::string& text, std::string_view with, Colour colour) {
    if (colour == Colour::never) return text;
    return std::string(with).append(text).append(kReset);
}

std::string clipped(std::u16string_view text, std::size_t limit) {
    return to_utf8(clip_readable(text, limit));
}

// The root and the leaf say more than what is between them. A cut inside a surrogate pair leaves
// two lone ones, which are shown as what they are.
std::string key_text(const KeyPath& key) {
    const std::u16string text = as_64bit(key).text();
    if (text.size() <= kMaxLineKey) return clipped(text, 2 * kMaxLineKey);
    const std::size_t half = kMaxLineKey / 2;
    const std::u16string_view whole = text;
    return clipped(whole.substr(0, half), 2 * half) + "…" +
           clipped(whole.substr(whole.size() - half), 2 * half);
}

std::string data_text(const std::optional<ChangeData>& data) {
    if (!data) return "(none)";
    if (data->redacted) return to_utf8(redacted_text(data->size));
    const std::string rest = to_utf8(rest_text(*data));
    if (const std::optional<std::u16string> text = as_string(*data)) {
        return "\"" + clipped(*text, kMaxLineData) + "\"" + rest;
    }
    return clipped(to_text(static_cast<const ValueData&>(*data)), kMaxLineData) + rest;
}

std::string security_text(const std::string& sddl, std::string_view with, Colour colour) {
    return paint(clipped(to_utf16(sddl), kMaxLineData), with, colour);
}

std::string value_text(const Change& change, Colour colour) {
    const std::string old_data = paint(data_text(change.before), kRed, colour);
    const std::string new_data = paint(data_text(change.after), kGreen, colour);
    const std::string old_type = change.before ? name_of(change.before->type) + " " : "";
    const std::string new_type = change.after ? name_of(change.after->type) + " " : "";
    if (old_type.empty()) return new_type + old_data + " -> " + new_data;
    const bool is_other_type = !new_type.empty() && new_type != old_type;
    return old_type + old_data + " -> " + (is_other_type ? new_type : "") + new_data;
}

}  // namespace

std::string to_line(const Change& change, Colour colour) {
    const std::string key = key_text(change.key) + "  ";
    switch (change.kind) {
        case DifferenceKind::key_created:
            return key + paint("key created", kGreen, colour);
        case DifferenceKind::key_deleted:
            return key + paint("key deleted", kRed, colour);
        case DifferenceKind::key_renamed:
            return key + "key renamed -> " +
                   paint(clipped(change.new_name, kMaxLineName), kGreen, colour);
        case DifferenceKind::security_changed:
            return key + "security " + security_text(change.security_before, kRed, colour) +
                   " -> " + security_text(change.security_after, kGreen, colour);
        case DifferenceKind::value_set:
        case DifferenceKind::value_deleted:
            break;
    }
    const std::u16string name = change.value_name.empty() ? kDefaultValueText : change.value_name;
    return key + clipped(name, kMaxLineName) + "  " + value_text(change, colour);
}

}  // namespace regwatch
