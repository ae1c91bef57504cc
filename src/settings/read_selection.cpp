#include "settings/read_selection.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "settings/fields.h"
#include "settings/wording.h"
#include "text/utf.h"

namespace regwatch {
namespace {

std::string complaint_about_text(std::string_view text) {
    if (text.empty()) return "is empty";
    const std::string control = first_control_character(text);
    if (!control.empty()) {
        return "holds the control character " + control +
               "; in JSON a backslash is written twice: double the backslash";
    }
    return {};
}

std::string complaint_about_subkey(std::string_view text) {
    std::string complaint = complaint_about_text(text);
    if (!complaint.empty()) return complaint;
    const std::u16string pattern = to_utf16(text);
    if (pattern.front() == u'\\' || pattern.back() == u'\\' ||
        pattern.find(u"\\\\") != std::u16string::npos) {
        return "has a backslash too many; it is relative to the key, with one backslash between "
               "two "
               "names";
    }
    if (PathPattern::is_too_long(pattern)) return "has more than 63 names";
    return complaint_about_stars(pattern);
}

// Hands each text that is good to `take`.
template <class Complaint, class Take>
void read_patterns(ObjectReader& reader, std::string_view field, const Complaint& complaint_about,
                   const Take& take) {
    const std::vector<JsonNode>* const entries = reader.children(field);
    if (entries == nullptr) return;
    for (std::size_t i = 0; i < entries->size(); ++i) {
        const JsonNode& entry = (*entries)[i];
        if (entry.kind != JsonKind::string) continue;
        const std::string complaint = complaint_about(entry.text);
        if (complaint.empty()) {
            take(to_utf16(entry.text));
        } else {
            reader.refuse_entry(field, i, complaint, control_character_at(entry.text));
        }
    }
}

std::vector<PathPattern> read_subkeys(ObjectReader& reader, std::string_view field) {
    std::vector<PathPattern> patterns;
    read_patterns(reader, field, complaint_about_subkey,
                  [&](const std::u16string& text) { patterns.emplace_back(text); });
    return patterns;
}

std::vector<std::u16string> read_values(ObjectReader& reader, std::string_view field) {
    std::vector<std::u16string> globs;
    read_patterns(reader, field, complaint_about_text,
                  [&](std::u16string text) { globs.push_back(std::move(text)); });
    return globs;
}

// The choices are in the order of DifferenceKind.
void read_changes(const ObjectReader& reader, WatchSettings& watch) {
    const std::vector<JsonNode>* const entries = reader.children("changes");
    if (entries == nullptr) return;
    watch.changes = ChangeKinds::none();
    const auto choices = kWatchSection.find("changes")->choices;
    for (const JsonNode& entry : *entries) {
        const auto found = std::find(choices.begin(), choices.end(), entry.text);
        if (found == choices.end()) continue;
        watch.changes.add(static_cast<DifferenceKind>(found - choices.begin()));
    }
}

}  // namespace

std::string complaint_about_stars(std::u16string_view pattern) {
    for (std::size_t at = pattern.find(u"**"); at != std::u16string_view::npos;
         at = pattern.find(u"**", at + 2)) {
        const bool begins = at == 0 || pattern[at - 1] == u'\\';
        const bool ends = at + 2 == pattern.size() || pattern[at + 2] == u'\\';
        if (!begins || !ends) {
            return "holds \"**\" beside other characters; it stands alone between two backslashes, "
                   "for any number of names";
        }
    }
    return {};
}

void read_selection(ObjectReader& reader, WatchSettings& watch) {
    Selection& selection = watch.selection;
    if (const auto depth = reader.number("max_depth")) {
        selection.max_depth = static_cast<std::size_t>(*depth);
    }
    selection.include_subkeys = read_subkeys(reader, "include_subkeys");
    selection.exclude_subkeys = read_subkeys(reader, "exclude_subkeys");
    selection.include_values = read_values(reader, "include_values");
    selection.exclude_values = read_values(reader, "exclude_values");
    selection.redact = read_values(reader, "redact");
    read_changes(reader, watch);
    if (const auto keys = reader.number("max_keys")) {
        watch.max_keys = static_cast<std::uint32_t>(*keys);
    }
    if (const auto size = reader.number("max_value_size")) watch.max_value_size = *size;
    if (const auto entries = reader.number("max_entries")) watch.limits.entries = *entries;
    if (const auto bytes = reader.number("max_bytes")) watch.limits.bytes = *bytes;
}

}  // namespace regwatch
