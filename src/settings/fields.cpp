#include "settings/fields.h"

#include <algorithm>
#include <vector>

#include "settings/values.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

constexpr std::uint64_t kKilobyte = 1024;
constexpr std::uint64_t kGigabyte = kKilobyte * kKilobyte * kKilobyte;
constexpr std::uint64_t kMillisecond = 1;
constexpr std::uint64_t kDay = 86'400'000;

constexpr std::string_view kPathEntry =
    "an absolute path such as \"C:\\\\Logs\" or \"%ProgramData%\\\\Logs\"";

// In the order of the enumerations they are read into.
constexpr std::string_view kViews[] = {"64", "32"};
constexpr std::string_view kSeverities[] = {"info", "low", "medium", "high", "critical"};
constexpr std::string_view kActionTypes[] = {"log", "eventlog", "program"};

constexpr SettingsField kConfigFields[] = {
    {.name = "$schema",
     .shape = FieldShape::text,
     .description = "where an editor finds the schema of this file; RegWatch does not read it"},
    {.name = "watches",
     .shape = FieldShape::objects,
     .description = "what is watched",
     .required = true,
     .minimum = 1,
     .maximum = 20'000},
    {.name = "actions",
     .shape = FieldShape::named_objects,
     .description = "what can be done about a change, each under a name of your choice",
     .required = true,
     .minimum = 1,
     .maximum = 256},
};

constexpr SettingsField kWatchFields[] = {
    {.name = "name",
     .shape = FieldShape::text,
     .description = "the name of the watch in events and files; no two watches share one",
     .required = true,
     .entry = kNameRule},
    {.name = "keys",
     .shape = FieldShape::texts,
     .description = "the registry keys to watch",
     .required = true,
     .minimum = 1,
     .maximum = 10'000,
     .entry = "a path such as \"HKLM\\\\SOFTWARE\\\\Example\""},
    {.name = "view",
     .shape = FieldShape::choice,
     .description = "whether the keys are those that 64-bit or that 32-bit programs see; "
                    "for both, write two watches",
     .fallback = "\"64\"",
     .choices = kViews},
    {.name = "recursive",
     .shape = FieldShape::flag,
     .description = "whether changes below the keys are reported too, at every depth",
     .fallback = "false"},
    {.name = "severity",
     .shape = FieldShape::choice,
     .description = "how much a change matters; it is part of every record",
     .fallback = "\"medium\"",
     .choices = kSeverities},
    {.name = "tags",
     .shape = FieldShape::distinct_texts,
     .description = "words of your own that become part of every record",
     .fallback = "[]",
     .maximum = 32,
     .entry = "a text of 1 to 64 characters"},
    {.name = "techniques",
     .shape = FieldShape::distinct_texts,
     .description = "the MITRE ATT&CK techniques that a change may be a sign of",
     .fallback = "[]",
     .maximum = 32,
     .entry = "an id such as \"T1547\" or \"T1547.001\""},
    {.name = "actions",
     .shape = FieldShape::distinct_texts,
     .description = "the names of the actions that get the changes",
     .fallback = "all actions",
     .minimum = 1,
     .maximum = 256,
     .entry = "the name of an action"},
    {.name = "enabled",
     .shape = FieldShape::flag,
     .description = "false switches the watch off without deleting it",
     .fallback = "true"},
};

constexpr SettingsField kCommonActionFields[] = {
    {.name = "type",
     .shape = FieldShape::choice,
     .description = "what kind of action this is",
     .required = true,
     .choices = kActionTypes},
    {.name = "enabled",
     .shape = FieldShape::flag,
     .description = "false switches the action off without deleting it",
     .fallback = "true"},
    {.name = "queue_limit",
     .shape = FieldShape::count,
     .description =
         "how many changes may wait for the action; what is beyond is dropped and counted",
     .fallback = "10000",
     .minimum = 1,
     .maximum = 1'000'000},
};

constexpr SettingsField kLogFields[] = {
    {.name = "folder",
     .shape = FieldShape::text,
     .description = "where the files are written",
     .fallback = "the folder logs in the data directory",
     .entry = kPathEntry},
    {.name = "max_file_size",
     .shape = FieldShape::size,
     .description = "beyond it a new file is begun",
     .fallback = "\"10MB\"",
     .minimum = kKilobyte,
     .maximum = 16 * kGigabyte},
    {.name = "max_files",
     .shape = FieldShape::count,
     .description = "how many files are kept; the oldest is deleted first",
     .fallback = "10",
     .minimum = 1,
     .maximum = 10'000},
};

constexpr SettingsField kProgramFields[] = {
    {.name = "file",
     .shape = FieldShape::text,
     .description = "the program or script that is run for each change",
     .required = true,
     .entry = "the absolute path of an .exe, .cmd, .bat or .ps1 file, such as "
              "\"C:\\\\Tools\\\\report.cmd\""},
    {.name = "arguments",
     .shape = FieldShape::texts,
     .description = "given to the program as they stand; the change itself comes on its input",
     .fallback = "[]",
     .maximum = 256,
     .entry = "a text"},
    {.name = "working_directory",
     .shape = FieldShape::text,
     .description = "the folder that the program starts in",
     .fallback = "the folder of the program",
     .entry = kPathEntry},
    {.name = "timeout",
     .shape = FieldShape::duration,
     .description = "how long the program may run; then it is ended with all that it started",
     .fallback = "\"30s\"",
     .minimum = 100 * kMillisecond,
     .maximum = kDay},
};

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

const SettingsSection kConfigSection = {"a config", kConfigFields};
const SettingsSection kWatchSection = {"a watch", kWatchFields};
const SettingsSection kLogSection = {"an action of type log", kLogFields, kCommonActionFields};
const SettingsSection kEventLogSection = {"an action of type eventlog", {}, kCommonActionFields};
const SettingsSection kProgramSection = {"an action of type program", kProgramFields,
                                         kCommonActionFields};

const SettingsField* SettingsSection::find(std::string_view field) const noexcept {
    for (const std::span<const SettingsField> group : {common, fields}) {
        const auto has_name = [&](const SettingsField& known) { return known.name == field; };
        const auto found = std::find_if(group.begin(), group.end(), has_name);
        if (found != group.end()) return &*found;
    }
    return nullptr;
}

std::span<const std::string_view> action_types() noexcept { return kActionTypes; }

const SettingsSection& action_section(std::size_t type) noexcept {
    const SettingsSection* const sections[] = {&kLogSection, &kEventLogSection, &kProgramSection};
    return *sections[type];
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
        case FieldShape::objects:
            return "a list of " + entries_text(field, "objects");
        case FieldShape::named_objects:
            return "an object with " + entries_text(field, "named objects");
    }
    return {};
}

}  // namespace regwatch
