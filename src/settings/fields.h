// Every field that a config can have: its name, what it takes, its default, what it is for.
//
// Constants; any thread. The loader checks files against this table and takes its texts for the
// messages; config/README.md is compared with it by a test.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace regwatch {

enum class FieldShape {
    text,
    flag,
    choice,          // one of `choices`
    count,           // a whole number, minimum … maximum
    size,            // "10MB"; minimum and maximum in bytes
    duration,        // "30s"; minimum and maximum in milliseconds
    texts,           // a list of minimum … maximum strings
    distinct_texts,  // the same, none of them twice
    some_choices,    // a list of minimum … maximum of `choices`, none of them twice
    text_or_texts,   // one string, or a list of minimum … maximum of them
    references,      // a list of minimum … maximum names, or objects that say more; none twice
    object,          // an object with the fields of `section`
    objects,         // a list of minimum … maximum objects with the fields of `section`
    named_objects,   // an object whose members are minimum … maximum objects
};

struct SettingsSection;

struct SettingsField {
    std::string_view name;
    FieldShape shape = FieldShape::text;
    std::string_view description;    // goes on after "takes …: "
    std::string_view fallback = {};  // as one would write it; empty: there is none
    std::string_view example = {};   // JSON; where it is empty, the fallback is one
    bool required = false;
    std::uint64_t minimum = 0;
    std::uint64_t maximum = 0;
    std::span<const std::string_view> choices = {};
    std::string_view entry = {};    // what each entry of a list is, or the text itself: "a string"
    std::string_view pattern = {};  // of that, as a regular expression of ECMA 262
    const SettingsSection* section = nullptr;  // of objects; of actions their type decides
};

struct SettingsSection {
    std::string_view name;  // "a watch"
    std::span<const SettingsField> fields;
    std::span<const SettingsField> common = {};  // these come first

    [[nodiscard]] const SettingsField* find(std::string_view field) const noexcept;
};

// What the names of watches and actions are made of.
inline constexpr std::string_view kNameRule =
    "1 to 64 letters, digits, '.', '_' and '-', a letter or digit first and last";

inline constexpr std::string_view kNamePattern = "^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$";

extern const SettingsSection kConfigSection;
extern const SettingsSection kWatchSection;
extern const SettingsSection kDefaultsSection;  // what `defaults` may say for all watches
extern const SettingsSection kStateSection;
extern const SettingsSection kExpectationSection;
extern const SettingsSection kUseSection;  // of an action, by a watch
extern const SettingsSection kWhenSection;
extern const SettingsSection kConditionSection;
extern const SettingsSection kLogSection;
extern const SettingsSection kEventLogSection;
extern const SettingsSection kProgramSection;
extern const SettingsSection kRestoreSection;

// What an action's `type` may be, and the section of each, in the same order.
[[nodiscard]] std::span<const std::string_view> action_types() noexcept;
[[nodiscard]] const SettingsSection& action_section(std::size_t type) noexcept;

// All of the above.
[[nodiscard]] std::span<const SettingsSection* const> all_sections() noexcept;

// "name", "keys" and "view"
[[nodiscard]] std::string field_names_text(const SettingsSection& section);

// "true or false", "a size from 1KB to 16GB, such as \"10MB\""
[[nodiscard]] std::string allowed_text(const SettingsField& field);

}  // namespace regwatch
