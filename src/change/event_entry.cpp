#include "change/event_entry.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "change/change.h"
#include "change/data_text.h"
#include "registry/views.h"
#include "text/sha256.h"
#include "text/time.h"
#include "text/utf.h"

namespace regwatch {
namespace {

EventId event_of(const Change& change) {
    switch (change.kind) {
        case DifferenceKind::value_set:
            return change.before ? EventId::value_changed : EventId::value_created;
        case DifferenceKind::value_deleted:
            return EventId::value_deleted;
        case DifferenceKind::key_created:
            return EventId::key_created;
        case DifferenceKind::key_deleted:
            return EventId::key_deleted;
        case DifferenceKind::key_renamed:
            return EventId::key_renamed;
        case DifferenceKind::security_changed:
            return EventId::key_security_changed;
    }
    return EventId::value_changed;
}

std::u16string value_name_text(const Change& change) {
    if (!is_about_a_value(change.kind)) return {};
    return change.value_name.empty() ? kDefaultValueText : change.value_name;
}

std::u16string type_text(const Change& change) {
    std::string text;
    if (change.before) text = name_of(change.before->type);
    if (change.after && (!change.before || change.before->type != change.after->type)) {
        if (!text.empty()) text += " -> ";
        text += name_of(change.after->type);
    }
    return to_utf16(text);
}

std::u16string old_text(const Change& change) {
    if (change.kind == DifferenceKind::security_changed) return to_utf16(change.security_before);
    return change.before ? to_text(*change.before) : std::u16string();
}

std::u16string new_text(const Change& change) {
    if (change.kind == DifferenceKind::security_changed) return to_utf16(change.security_after);
    if (change.kind == DifferenceKind::key_renamed) return change.new_name;
    return change.after ? to_text(*change.after) : std::u16string();
}

std::u16string tags_text(const std::vector<std::string>& tags) {
    std::u16string text;
    for (const std::string& tag : tags) {
        if (!text.empty()) text += u", ";
        text += to_utf16(tag);
    }
    return text;
}

// The most that one insert may have so that all together keep to the entry's limit: the long ones
// give way, the short ones stay whole.
std::size_t fair_limit(std::vector<std::size_t> sizes) {
    std::sort(sizes.begin(), sizes.end());
    std::size_t left = kMaxEntryUnits;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const std::size_t share = left / (sizes.size() - i);
        if (sizes[i] > share) return std::min(share, kMaxInsertUnits);
        left -= sizes[i];
    }
    return kMaxInsertUnits;
}

struct Text {
    std::u16string text;
    const ChangeData* data = nullptr;  // that it shows, as far as it is of a value
};

// Of the bytes as they are in the registry, so that what is clipped here can be told apart and found.
std::string sha256_of(const Text& text) {
    if (text.data != nullptr)
        return text.data->sha256.empty() ? sha256(text.data->bytes) : text.data->sha256;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.text.size() * 2);
    for (const char16_t unit : text.text) {
        bytes.push_back(static_cast<std::uint8_t>(unit & 0xFF));
        bytes.push_back(static_cast<std::uint8_t>(unit >> 8));
    }
    return sha256(bytes);
}

std::u16string clipped(const Text& text, std::size_t limit) {
    return clip_readable(text.text, limit, Percent::broken, [&text] { return sha256_of(text); });
}

std::vector<std::u16string> to_inserts(const std::vector<Text>& texts) {
    std::vector<std::u16string> inserts;
    std::vector<std::size_t> sizes;
    for (const Text& text : texts) {
        inserts.push_back(clipped(text, kMaxInsertUnits));
        sizes.push_back(inserts.back().size());
    }
    const std::size_t limit = fair_limit(sizes);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (inserts[i].size() > limit) inserts[i] = clipped(texts[i], limit);
    }
    return inserts;
}

EventEntry make_entry(EventId id, const std::vector<Text>& texts) {
    const EventKind& kind = kind_of(id);
    return {id, kind.level, kind.category, to_inserts(texts)};
}

// What stands behind a '%' in a message, apart from inserts; see the message compiler's manual.
std::u16string escape_text(char16_t letter) {
    switch (letter) {
        case u'n':
            return u"\n";
        case u'r':
            return {};  // a carriage return: part of a line end, which is '\n' here
        case u't':
            return u"\t";
        case u'b':
            return u" ";
        default:
            return std::u16string(1, letter);
    }
}

bool is_digit(char16_t unit) { return unit >= u'0' && unit <= u'9'; }

}  // namespace

std::uint32_t EventEntry::system_id() const noexcept {
    std::uint32_t severity = 1;
    if (level == EventLevel::warning) severity = 2;
    if (level == EventLevel::error) severity = 3;
    return (severity << 30) | static_cast<std::uint32_t>(id);
}

EventEntry event_entry(const Change& change) {
    const EventId id = event_of(change);
    return make_entry(id, {
                              {to_utf16(change.watch)},
                              {to_utf16(kind_of(id).name)},
                              {as_64bit(change.key).text()},
                              {value_name_text(change)},
                              {type_text(change)},
                              {old_text(change), change.before ? &*change.before : nullptr},
                              {new_text(change), change.after ? &*change.after : nullptr},
                              {to_utf16(to_iso_text(change.detected_at))},
                              {to_utf16(std::to_string(change.sequence))},
                              {to_utf16(change.id)},
                              {tags_text(change.tags)},
                          });
}

EventEntry event_entry(EventId id, const std::vector<std::string>& utf8_inserts) {
    std::vector<Text> texts;
    texts.reserve(utf8_inserts.size());
    for (const std::string& insert : utf8_inserts) texts.push_back({to_utf16(insert)});
    return make_entry(id, texts);
}

std::u16string render(const EventEntry& entry) {
    std::u16string text;
    const std::u16string form = to_utf16(kind_of(entry.id).text);
    for (std::size_t i = 0; i < form.size(); ++i) {
        if (form[i] != u'%' || i + 1 == form.size()) {
            text.push_back(form[i]);
            continue;
        }
        const std::size_t begin = i++;
        if (!is_digit(form[i])) {
            text += escape_text(form[i]);
            continue;
        }
        std::size_t number = static_cast<std::size_t>(form[i] - u'0');
        if (number == 0) break;  // %0: the text ends without a line end
        if (i + 1 < form.size() && is_digit(form[i + 1])) {
            number = number * 10 + static_cast<std::size_t>(form[++i] - u'0');
        }
        // A viewer that has no such insert leaves the reference as it is.
        text += number <= entry.inserts.size() ? entry.inserts[number - 1]
                                               : form.substr(begin, i - begin + 1);
    }
    return text;
}

}  // namespace regwatch
