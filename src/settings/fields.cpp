#include "settings/fields.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "settings/values.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

constexpr std::uint64_t kKilobyte = 1024;
constexpr std::uint64_t kGigabyte = kKilobyte * kKilobyte * kKilobyte;
constexpr std::uint64_t kMillisecond = 1;
constexpr std::uint64_t kDay = 86'400'000;
constexpr std::uint64_t kHour = kDay / 24;

constexpr std::string_view kPathEntry =
    "an absolute path such as \"C:\\\\Logs\" or \"%ProgramData%\\\\Logs\"";

// As windows_path.h has it: a drive, a server or a variable, and no character that Windows refuses.
constexpr std::string_view kPathPattern =
    R"(^([A-Za-z]:[\\/]|\\\\\?\\[A-Za-z]:[\\/]|[\\/]{2}[^\\/?]|%[^%\\/]+%([\\/]|$)))"
    R"([^\u0000-\u001F<>"|?*:]*$)";
constexpr std::string_view kProgramPattern =
    R"(^([A-Za-z]:[\\/]|\\\\\?\\[A-Za-z]:[\\/]|[\\/]{2}[^\\/?]|%[^%\\/]+%[\\/]))"
    R"([^\u0000-\u001F<>"|?*:]*\.([eE][xX][eE]|[cC][mM][dD]|[bB][aA][tT]|[pP][sS]1)$)";

// In the order of the enumerations they are read into.
constexpr std::string_view kViews[] = {"64", "32", "both"};
constexpr std::string_view kSeverities[] = {"info", "low", "medium", "high", "critical"};
constexpr std::string_view kUnseen[] = {"accept", "report"};
constexpr std::string_view kActionTypes[] = {"log", "eventlog", "program", "restore"};
constexpr std::string_view kUnsafeFiles[] = {"refuse", "warn"};
constexpr std::string_view kExecutionPolicies[] = {"RemoteSigned", "AllSigned", "Bypass"};
constexpr std::string_view kChangeKinds[] = {
    "value_created", "value_changed", "value_deleted",       "key_created",
    "key_deleted",   "key_renamed",   "key_security_changed"};
constexpr std::string_view kDifferenceKinds[] = {
    "value_set", "value_deleted", "key_created", "key_deleted", "key_renamed", "security_changed"};
// A text without control characters.
constexpr std::string_view kTextPattern = "^[^\\u0000-\\u001F\\u007F]+$";
constexpr std::string_view kSysmonFields[] = {"TargetObject", "Details", "EventType", "NewName"};
constexpr std::string_view kPresence[] = {"present", "absent"};
constexpr std::string_view kExpectedTypes[] = {"REG_SZ",    "REG_EXPAND_SZ", "REG_MULTI_SZ",
                                               "REG_DWORD", "REG_QWORD",     "REG_BINARY"};
constexpr std::string_view kComparisons[] = {
    "is",          "is any",       "is not",       "contains",   "contains any",   "contains all",
    "excludes",    "excludes any", "excludes all", "begin with", "not begin with", "end with",
    "not end with"};

constexpr SettingsField when_field(std::string_view description) {
    return {.name = "when",
            .shape = FieldShape::object,
            .description = description,
            .fallback = "{}",
            .example = R"({"kinds": ["value_created", "value_changed"]})",
            .section = &kWhenSection};
}

constexpr SettingsField kWhen =
    when_field("which changes the action gets; all that is said in it must hold");

constexpr SettingsField kConfigFields[] = {
    {.name = "$schema",
     .shape = FieldShape::text,
     .description = "where an editor finds the schema of this file; RegWatch does not read it",
     .example = R"("./schema.json")"},
    {.name = "description",
     .shape = FieldShape::text,
     .description = "what the file is for; RegWatch does not read it",
     .example = R"("the servers in the branch offices")"},
    {.name = "include",
     .shape = FieldShape::distinct_texts,
     .description = "other files that are read as if they stood here: packs, by their name, and "
                    "files, by a path that ends in .json and begins where this file is",
     .fallback = "[]",
     .example = R"(["autostart", "our-own.json"])",
     .maximum = 64,
     .entry = "the name of a pack such as \"autostart\", or the path of a .json file"},
    {.name = "max_entries",
     .shape = FieldShape::count,
     .description = "how many keys and values of all watches together are kept in memory; only the "
                    "main file says it",
     .fallback = "4000000",
     .minimum = 1,
     .maximum = 100'000'000},
    {.name = "max_bytes",
     .shape = FieldShape::size,
     .description = "how much their names and data may take; only the main file says it",
     .fallback = "\"1GB\"",
     .minimum = kKilobyte,
     .maximum = 1'024 * kGigabyte},
    {.name = "defaults",
     .shape = FieldShape::object,
     .description = "what holds for every watch of this file, and of those it includes, that does "
                    "not say it itself",
     .fallback = "{}",
     .example = R"({"severity": "high", "actions": ["eventlog"]})",
     .section = &kDefaultsSection},
    {.name = "watches",
     .shape = FieldShape::objects,
     .description = "what is watched",
     .example = R"([{"name": "run", "keys": ["HKLM\\SOFTWARE\\Example"]}])",
     .minimum = 1,
     .maximum = 20'000,
     .section = &kWatchSection},
    {.name = "actions",
     .shape = FieldShape::named_objects,
     .description = "what can be done about a change, each under a name of your choice",
     .example = R"({"eventlog": {"type": "eventlog"}})",
     .minimum = 1,
     .maximum = 256},
    {.name = "state",
     .shape = FieldShape::object,
     .description = "what is kept of the past, and for how long",
     .fallback = "{}",
     .example = R"({"history_age": "30d", "heartbeat": "15m"})",
     .section = &kStateSection},
};

constexpr SettingsField kStateFields[] = {
    {.name = "on_first_start",
     .shape = FieldShape::choice,
     .description = "what is in a key that has never been seen before: accept takes it as it is, "
                    "report reports all of it as new",
     .fallback = "\"accept\"",
     .choices = kUnseen},
    {.name = "heartbeat",
     .shape = FieldShape::duration,
     .description = "how often an event says that RegWatch is alive, with its counts",
     .fallback = "\"1h\"",
     .minimum = 1'000 * kMillisecond,
     .maximum = 7 * kDay},
    {.name = "history_age",
     .shape = FieldShape::duration,
     .description = "how long a change is kept in the history",
     .fallback = "\"90d\"",
     .minimum = 3'600'000 * kMillisecond,
     .maximum = 3'650 * kDay},
    {.name = "history_count",
     .shape = FieldShape::count,
     .description = "how many changes are kept in the history, the newest ones",
     .fallback = "1000000",
     .minimum = 1,
     .maximum = 100'000'000},
    {.name = "pending_age",
     .shape = FieldShape::duration,
     .description = "how long a change waits for an action that does not take it; what is older is "
                    "given up and counted",
     .fallback = "\"7d\"",
     .minimum = 60'000 * kMillisecond,
     .maximum = 365 * kDay},
    {.name = "pending_count",
     .shape = FieldShape::count,
     .description =
         "how many changes wait for one action, the newest ones; what is beyond is given "
         "up and counted",
     .fallback = "100000",
     .minimum = 1,
     .maximum = 10'000'000},
};

constexpr SettingsField kOwnWatchFields[] = {
    {.name = "name",
     .shape = FieldShape::text,
     .description = "the name of the watch in events and files; no two watches share one",
     .example = R"("machine-run")",
     .required = true,
     .entry = kNameRule,
     .pattern = kNamePattern},
    {.name = "description",
     .shape = FieldShape::text,
     .description = "why the keys are watched, for people",
     .fallback = R"("")",
     .example = R"("Programs named here start at every logon.")",
     .maximum = 1'000,
     .entry = "a text of up to 1000 characters"},
    {.name = "keys",
     .shape = FieldShape::texts,
     .description = "the registry keys to watch",
     .example = R"(["HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run"])",
     .required = true,
     .minimum = 1,
     .maximum = 10'000,
     .entry = "a path such as \"HKLM\\\\SOFTWARE\\\\Example\"",
     .pattern = "^[^\\u0000-\\u001F\\u007F]+$"},
    {.name = "enabled",
     .shape = FieldShape::flag,
     .description = "false switches the watch off without deleting it",
     .fallback = "true"},
    {.name = "expect",
     .shape = FieldShape::objects,
     .description = "what values of the keys have to be; an event tells where one is not",
     .fallback = "[]",
     .example = R"([{"value": "EnableLUA", "type": "REG_DWORD", "data": "1"}])",
     .maximum = 1'000,
     .section = &kExpectationSection},
    {.name = "enforce",
     .shape = FieldShape::flag,
     .description = "whether a value that is not as expected is set to what is expected",
     .fallback = "false"},
};

constexpr SettingsField kExpectationFields[] = {
    {.name = "subkey",
     .shape = FieldShape::text,
     .description = "where below each key of the watch the value is; needs a recursive watch",
     .fallback = R"("")",
     .example = R"("Parameters")"},
    {.name = "value",
     .shape = FieldShape::text,
     .description = "the name of the value; \"\" is the default value",
     .example = R"("EnableLUA")",
     .required = true},
    {.name = "state",
     .shape = FieldShape::choice,
     .description = "whether there has to be such a value or must not be one",
     .fallback = "\"present\"",
     .choices = kPresence},
    {.name = "type",
     .shape = FieldShape::choice,
     .description = "the type that the value has to have",
     .fallback = "\"REG_SZ\"",
     .choices = kExpectedTypes},
    {.name = "data",
     .shape = FieldShape::text_or_texts,
     .description =
         "the data: a text; a number such as \"1\" or \"0x1f\"; bytes such as \"00ff\"; a "
         "list of texts for REG_MULTI_SZ",
     .fallback = "none where the state is absent",
     .example = R"("1")",
     .minimum = 0,
     .maximum = 1'000,
     .entry = "a text"},
};

// A watch takes these from `defaults` where it does not have them.
constexpr SettingsField kSharedWatchFields[] = {
    {.name = "view",
     .shape = FieldShape::choice,
     .description = "whether the keys are those that 64-bit programs see, or 32-bit programs, "
                    "or both; a key that both share is watched once",
     .fallback = "\"64\"",
     .choices = kViews},
    {.name = "recursive",
     .shape = FieldShape::flag,
     .description = "whether changes below the keys are reported too, at every depth",
     .fallback = "false"},
    {.name = "max_depth",
     .shape = FieldShape::count,
     .description = "how many levels below the keys are read; of the next level only the names "
                    "are seen",
     .fallback = "512",
     .maximum = 512},
    {.name = "include_subkeys",
     .shape = FieldShape::distinct_texts,
     .description = "only the subkeys that fit, and all below them",
     .fallback = "[]",
     .example = R"(["*\\Parameters"])",
     .maximum = 256,
     .entry = "a pattern such as \"*\\\\Parameters\"",
     .pattern = kTextPattern},
    {.name = "exclude_subkeys",
     .shape = FieldShape::distinct_texts,
     .description = "subkeys that are not read, nor anything below them; they go before "
                    "include_subkeys",
     .fallback = "[]",
     .example = R"(["**\\Cache"])",
     .maximum = 256,
     .entry = "a pattern such as \"**\\\\Cache\"",
     .pattern = kTextPattern},
    {.name = "include_values",
     .shape = FieldShape::distinct_texts,
     .description = "only the values whose names fit, at every depth",
     .fallback = "[]",
     .example = R"(["Image*"])",
     .maximum = 256,
     .entry = "a pattern such as \"Image*\"",
     .pattern = kTextPattern},
    {.name = "exclude_values",
     .shape = FieldShape::distinct_texts,
     .description = "values that are left out; they go before include_values",
     .fallback = "[]",
     .example = R"(["*Time"])",
     .maximum = 256,
     .entry = "a pattern such as \"*Time\"",
     .pattern = kTextPattern},
    {.name = "redact",
     .shape = FieldShape::distinct_texts,
     .description = "values whose data is never handed on or stored, only that it changed and its "
                    "size",
     .fallback = "[]",
     .example = R"(["*Password*"])",
     .maximum = 256,
     .entry = "a pattern such as \"*Password*\"",
     .pattern = kTextPattern},
    {.name = "max_keys",
     .shape = FieldShape::count,
     .description = "how many keys one path with wildcards may find",
     .fallback = "10000",
     .minimum = 1,
     .maximum = 1'000'000},
    {.name = "max_entries",
     .shape = FieldShape::count,
     .description = "how many keys and values of the watch are kept in memory; what is beyond is "
                    "not watched, and said to be",
     .fallback = "1000000",
     .minimum = 1,
     .maximum = 100'000'000},
    {.name = "max_bytes",
     .shape = FieldShape::size,
     .description = "how much their names and data may take",
     .fallback = "\"256MB\"",
     .minimum = kKilobyte,
     .maximum = 1'024 * kGigabyte},
    {.name = "changes",
     .shape = FieldShape::some_choices,
     .description = "the kinds of changes that are reported; for \"security_changed\" every key is "
                    "asked for its permissions at every look",
     .fallback = "all but \"security_changed\"",
     .example = R"(["value_set", "value_deleted"])",
     .minimum = 1,
     .maximum = std::size(kDifferenceKinds),
     .choices = kDifferenceKinds},
    {.name = "max_value_size",
     .shape = FieldShape::size,
     .description = "of longer data a record has the first part, the size and the SHA-256",
     .fallback = "\"1MB\"",
     .minimum = 16,
     .maximum = kGigabyte},
    {.name = "severity",
     .shape = FieldShape::choice,
     .description = "how much a change matters; it is part of every record",
     .fallback = "\"medium\"",
     .choices = kSeverities},
    {.name = "tags",
     .shape = FieldShape::distinct_texts,
     .description = "words of your own that become part of every record",
     .fallback = "[]",
     .example = R"(["autostart", "servers"])",
     .maximum = 32,
     .entry = "a text of 1 to 64 characters",
     .pattern = "^[^\\u0000-\\u001F\\u007F]{1,64}$"},
    {.name = "techniques",
     .shape = FieldShape::distinct_texts,
     .description = "the MITRE ATT&CK techniques that a change may be a sign of",
     .fallback = "[]",
     .example = R"(["T1547.001"])",
     .maximum = 32,
     .entry = "an id such as \"T1547\" or \"T1547.001\"",
     .pattern = "^T[0-9]{4}(\\.[0-9]{3})?$"},
    {.name = "actions",
     .shape = FieldShape::references,
     .description = "the names of the actions that get the changes",
     .fallback = "all actions",
     .example = R"(["log", {"use": "script", "when": {"severity": "high"}}])",
     .minimum = 1,
     .maximum = 256,
     .entry = "the name of an action, or an object such as {\"use\": \"log\", \"when\": {}}",
     .section = &kUseSection},
    when_field("which changes the actions get; all that is said in it must hold"),
    {.name = "mute_at",
     .shape = FieldShape::distinct_texts,
     .description = "times, in UTC, at which changes are not delivered; how many that were is told "
                    "afterwards",
     .fallback = "[]",
     .example = R"(["Sat,Sun 08:00-18:00", "22:00-02:30"])",
     .maximum = 32,
     .entry = "a time such as \"22:00-02:30\" or \"Sat,Sun 08:00-18:00\"",
     .pattern = "^((Sun|Mon|Tue|Wed|Thu|Fri|Sat)(,(Sun|Mon|Tue|Wed|Thu|Fri|Sat))* )?"
                "[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$"},
    {.name = "debounce",
     .shape = FieldShape::duration,
     .description =
         "how long after a first change others are gathered before the key is looked at; "
         "what is undone by then is not reported",
     .fallback = "no delay",
     .example = "\"250ms\"",
     .minimum = kMillisecond,
     .maximum = kHour},
};

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

constexpr SettingsField kCommonActionFields[] = {
    {.name = "type",
     .shape = FieldShape::choice,
     .description = "what kind of action this is",
     .example = "\"log\"",
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
    {.name = "retry_for",
     .shape = FieldShape::duration,
     .description = "how long a delivery that fails for a passing reason, such as a full disk, is "
                    "tried again",
     .fallback = "\"24h\"",
     .minimum = kMillisecond,
     .maximum = 30 * kDay},
    {.name = "rate_limit",
     .shape = FieldShape::count,
     .description =
         "how many changes of one watch the action gets a minute; what is beyond is left "
         "out and counted; 0 is no limit",
     .fallback = "0",
     .maximum = 1'000'000},
    {.name = "total_rate_limit",
     .shape = FieldShape::count,
     .description = "the same for the changes of all watches together",
     .fallback = "0",
     .maximum = 1'000'000},
    kWhen,
};

constexpr SettingsField kLogFields[] = {
    {.name = "folder",
     .shape = FieldShape::text,
     .description = "where the files are written",
     .fallback = "the folder logs in the data directory",
     .example = R"("%ProgramData%\\Logs")",
     .entry = kPathEntry,
     .pattern = kPathPattern},
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
     .example = R"("C:\\Program Files\\Example\\report.ps1")",
     .required = true,
     .entry = "the absolute path of an .exe, .cmd, .bat or .ps1 file, such as "
              "\"C:\\\\Tools\\\\report.cmd\"",
     .pattern = kProgramPattern},
    {.name = "arguments",
     .shape = FieldShape::texts,
     .description = "given to the program as they stand; the change itself comes on its input",
     .fallback = "[]",
     .example = R"(["-Channel", "security"])",
     .maximum = 256,
     .entry = "a text"},
    {.name = "working_directory",
     .shape = FieldShape::text,
     .description = "the folder that the program starts in",
     .fallback = "the folder of the program",
     .example = R"("%ProgramData%\\Example")",
     .entry = kPathEntry,
     .pattern = kPathPattern},
    {.name = "timeout",
     .shape = FieldShape::duration,
     .description = "how long the program may run; then it is ended with all that it started",
     .fallback = "\"30s\"",
     .minimum = 100 * kMillisecond,
     .maximum = kDay},
    {.name = "environment",
     .shape = FieldShape::distinct_texts,
     .description = "variables that the program gets besides a short list of the system's own",
     .fallback = "[]",
     .example = R"(["CHANNEL=security"])",
     .maximum = 256,
     .entry = "a text such as \"NAME=value\"",
     .pattern = "^[^=]+="},
    {.name = "sha256",
     .shape = FieldShape::text,
     .description = "the SHA-256 of the file; one with other content is not run",
     .fallback = "any content",
     .example = R"("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")",
     .entry = "64 hexadecimal digits",
     .pattern = "^[0-9A-Fa-f]{64}$"},
    {.name = "unsafe_files",
     .shape = FieldShape::choice,
     .description = "what becomes of a file that others than administrators may change: it is not "
                    "run, or it is run with a warning",
     .fallback = "\"refuse\"",
     .choices = kUnsafeFiles},
    {.name = "output_limit",
     .shape = FieldShape::size,
     .description =
         "how much of the program's output is kept for the event that tells of a failure",
     .fallback = "\"64KB\"",
     .minimum = kKilobyte,
     .maximum = kKilobyte * kKilobyte},
    {.name = "max_processes",
     .shape = FieldShape::count,
     .description = "how many processes the program may be, with those it starts",
     .fallback = "32",
     .minimum = 1,
     .maximum = 1'000},
    {.name = "max_memory",
     .shape = FieldShape::size,
     .description = "how much memory they may have together",
     .fallback = "\"1GB\"",
     .minimum = 16 * kKilobyte * kKilobyte,
     .maximum = 1'024 * kGigabyte},
    {.name = "execution_policy",
     .shape = FieldShape::choice,
     .description = "the execution policy that PowerShell runs a .ps1 file with",
     .fallback = "\"RemoteSigned\"",
     .choices = kExecutionPolicies},
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
const SettingsSection kWatchSection = {"a watch", kSharedWatchFields, kOwnWatchFields};
const SettingsSection kExpectationSection = {"an expectation", kExpectationFields};
const SettingsSection kDefaultsSection = {"\"defaults\"", kSharedWatchFields};
const SettingsSection kStateSection = {"\"state\"", kStateFields};
const SettingsSection kUseSection = {"the use of an action", kUseFields};
const SettingsSection kWhenSection = {"\"when\"", kWhenFields};
const SettingsSection kConditionSection = {"a condition", kConditionFields};
const SettingsSection kLogSection = {"an action of type log", kLogFields, kCommonActionFields};
const SettingsSection kEventLogSection = {"an action of type eventlog", {}, kCommonActionFields};
const SettingsSection kProgramSection = {"an action of type program", kProgramFields,
                                         kCommonActionFields};
const SettingsSection kRestoreSection = {"an action of type restore", {}, kCommonActionFields};

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

std::span<const std::string_view> action_types() noexcept { return kActionTypes; }

const SettingsSection& action_section(std::size_t type) noexcept {
    const SettingsSection* const sections[] = {&kLogSection, &kEventLogSection, &kProgramSection,
                                               &kRestoreSection};
    return *sections[type];
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
