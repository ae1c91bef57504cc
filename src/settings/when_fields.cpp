// The fields that say which changes an action gets.
#include "settings/field_parts.h"

namespace regwatch {
namespace {

// In the order of the enumerations they are read into.
constexpr std::string_view kChangeKinds[] = {
    "value_created", "value_changed", "value_deleted",       "key_created",
    "key_deleted",   "key_renamed",   "key_security_changed"};
constexpr std::string_view kSysmonFields[] = {"TargetObject", "Details", "EventType", "NewName"};
constexpr std::string_view kComparisons[] = {
    "is",          "is any",       "is not",       "contains",   "contains any",   "contains all",
    "excludes",    "excludes any", "excludes all", "begin with", "not begin with", "end with",
    "not end with"};

constexpr SettingsField kUseFields[] = {
    {.name = "use",
     .shape = FieldShape::text,
     .description = "the name of the action",
     .example = R"("log")",
     .required = true,
     .entry = "the name of an action",
     .pattern = kNamePattern},
    kWhen,
};

constexpr SettingsField kWhenFields[] = {
    {.name = "kinds",
     .shape = FieldShape::some_choices,
     .description = "the kinds of change, by the names of their events",
     .fallback = "all kinds",
     .example = R"(["value_created", "value_changed"])",
     .minimum = 1,
     .maximum = std::size(kChangeKinds),
     .choices = kChangeKinds},
    {.name = "severity",
     .shape = FieldShape::choice,
     .description = "at least this severity",
     .fallback = "\"info\"",
     .example = "\"high\"",
     .choices = kSeverities},
    {.name = "values",
     .shape = FieldShape::distinct_texts,
     .description = "only values of these names; '*' stands for any text and '?' for one character",
     .fallback = "every value, and keys",
     .example = R"(["Shell", "User*"])",
     .minimum = 1,
     .maximum = 256,
     .entry = "the name of a value, or a pattern such as \"Image*\"",
     .pattern = "^[^\\u0000-\\u001F\\u007F]{1,16383}$"},
    {.name = "conditions",
     .shape = FieldShape::objects,
     .description = "what the fields of the change, as Sysmon writes them, have to be",
     .fallback = "[]",
     .example =
         R"([{"field": "Details", "condition": "contains any", "value": ["powershell", "mshta"]}])",
     .maximum = 64,
     .section = &kConditionSection},
};

constexpr SettingsField kConditionFields[] = {
    {.name = "field",
     .shape = FieldShape::choice,
     .description = "the field that is compared; one that a change does not have is empty",
     .example = "\"TargetObject\"",
     .required = true,
     .choices = kSysmonFields},
    {.name = "condition",
     .shape = FieldShape::choice,
     .description = "how it is compared; upper and lower case count as the same",
     .fallback = "\"is\"",
     .example = "\"end with\"",
     .choices = kComparisons},
    {.name = "value",
     .shape = FieldShape::text_or_texts,
     .description = "what it is compared with; a list where the condition ends in any or all",
     .example = R"("\\Run\\Updater")",
     .required = true,
     .minimum = 1,
     .maximum = 256,
     .entry = "a text"},
};

}  // namespace

const SettingsSection kUseSection = {"the use of an action", kUseFields};
const SettingsSection kWhenSection = {"\"when\"", kWhenFields};
const SettingsSection kConditionSection = {"a condition", kConditionFields};

}  // namespace regwatch
