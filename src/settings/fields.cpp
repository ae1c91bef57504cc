#include "settings/fields.h"

#include <algorithm>
#include <vector>

#include "settings/values.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

std::string entries_text(const SettingsField& field, std::string_view entry) {
    const std::string range =
        field.minimum == 0 ? "up to " + std::to_string(field.maximum)
                           : std::to_string(field.minimum) + " to " + std::to_string(field.maximum);
    return range + " " + std::string(entry);
}

std::string choices_text(std::span<const std::string_view> choices) {
    std::vector<std::string> items;
    for (const std::string_view choice : choices) items.push_back(in_quotes(choice));
    return listed(items, "or");
}

}  // namespace

const SettingsField* SettingsSection::find(std::string_view field) const noexcept {
    for (const std::span<const SettingsField> group : {common, fields}) {
        const auto has_name = [&](const SettingsField& known) { return known.name == field; };
        const auto found = std::find_if(group.begin(), group.end(), has_name);
        if (found != group.end()) return &*found;
    }
    return nullptr;
}

std::span<const SettingsSection* const> all_sections() noexcept {
    static constexpr const SettingsSection* kSections[] = {
        &kConfigSection,      &kDefaultsSection, &kStateSection,   &kWatchSection,
        &kExpectationSection, &kUseSection,      &kWhenSection,    &kConditionSection,
        &kLogSection,         &kEventLogSection, &kProgramSection, &kRestoreSection};
    return kSections;
}

std::string field_names_text(const SettingsSection& section) {
    std::vector<std::string> items;
    for (const std::span<const SettingsField> group : {section.common, section.fields}) {
        for (const SettingsField& field : group) items.push_back(in_quotes(field.name));
    }
    return listed(items, "and");
}

std::string allowed_text(const SettingsField& field) {
    switch (field.shape) {
        case FieldShape::text:
            return field.entry.empty() ? "a text" : std::string(field.entry);
        case FieldShape::flag:
            return "true or false";
        case FieldShape::choice:
            return choices_text(field.choices);
        case FieldShape::count:
            return "a whole number from " + std::to_string(field.minimum) + " to " +
                   std::to_string(field.maximum);
        case FieldShape::size:
            return "a size from \"" + size_text(field.minimum) + "\" to \"" +
                   size_text(field.maximum) + "\", such as \"10MB\"";
        case FieldShape::duration:
            return "a time from \"" + duration_text(field.minimum) + "\" to \"" +
                   duration_text(field.maximum) + "\", such as \"30s\"";
        case FieldShape::texts:
        case FieldShape::distinct_texts:
            return "a list of " + entries_text(field, "strings");
        case FieldShape::some_choices:
            return "a list of " + choices_text(field.choices);
        case FieldShape::text_or_texts:
            return "a text or a list of " + entries_text(field, "texts");
        case FieldShape::references:
            return "a list of " + entries_text(field, "names or objects");
        case FieldShape::object:
            return "an object with the fields " + field_names_text(*field.section);
        case FieldShape::objects:
            return "a list of " + entries_text(field, "objects");
        case FieldShape::named_objects:
            return "an object with " + entries_text(field, "named objects");
    }
    return {};
}

}  // namespace regwatch
