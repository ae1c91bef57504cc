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
    objects,         // a list of minimum … maximum objects
    named_objects,   // an object whose members are minimum … maximum objects
};

struct SettingsField {
    std::string_view name;
    FieldShape shape = FieldShape::text;
    std::string_view description;    // goes on after "takes …: "
    std::string_view fallback = {};  // as one would write it; empty: there is none
    bool required = false;
    std::uint64_t minimum = 0;
    std::uint64_t maximum = 0;
    std::span<const std::string_view> choices = {};
    std::string_view entry = {};  // what each entry of a list is, or the text itself: "a string"
};

struct SettingsSection {
    std::string_view name;  // "a watch"
    std::span<const SettingsField> fields;
    std::span<const SettingsField> common = {};  // shared with other sections

    [[nodiscard]] const SettingsField* find(std::string_view field) const noexcept;
};

// What the names of watches and actions are made of.
inline constexpr std::string_view kNameRule =
    "1 to 64 letters, digits, '.', '_' and '-', a letter or digit first and last";

extern const SettingsSection kConfigSection;
extern const SettingsSection kWatchSection;
extern const SettingsSection kLogSection;
extern const SettingsSection kEventLogSection;
extern const SettingsSection kProgramSection;

// What an action's `type` may be, and the section of each, in the same order.
[[nodiscard]] std::span<const std::string_view> action_types() noexcept;
[[nodiscard]] const SettingsSection& action_section(std::size_t type) noexcept;

// "true or false", "a size from 1KB to 16GB, such as \"10MB\""
[[nodiscard]] std::string allowed_text(const SettingsField& field);

}  // namespace regwatch
