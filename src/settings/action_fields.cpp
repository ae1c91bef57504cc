// The fields of the actions, type by type.
#include "settings/field_parts.h"

namespace regwatch {
namespace {

// In the order of the enumerations they are read into.
constexpr std::string_view kActionTypes[] = {"log", "eventlog", "program", "restore"};
constexpr std::string_view kUnsafeFiles[] = {"refuse", "warn"};
constexpr std::string_view kExecutionPolicies[] = {"RemoteSigned", "AllSigned", "Bypass"};

constexpr std::string_view kPathEntry =
    "an absolute path such as \"C:\\\\Logs\" or \"%ProgramData%\\\\Logs\"";

// As windows_path.h has it: a drive, a server or a variable, and no character that Windows refuses.
constexpr std::string_view kPathPattern =
    R"(^([A-Za-z]:[\\/]|\\\\\?\\[A-Za-z]:[\\/]|[\\/]{2}[^\\/?]|%[^%\\/]+%([\\/]|$)))"
    R"([^\u0000-\u001F<>"|?*:]*$)";
constexpr std::string_view kProgramPattern =
    R"(^([A-Za-z]:[\\/]|\\\\\?\\[A-Za-z]:[\\/]|[\\/]{2}[^\\/?]|%[^%\\/]+%[\\/]))"
    R"([^\u0000-\u001F<>"|?*:]*\.([eE][xX][eE]|[cC][mM][dD]|[bB][aA][tT]|[pP][sS]1)$)";

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

}  // namespace

const SettingsSection kLogSection = {"an action of type log", kLogFields, kCommonActionFields};
const SettingsSection kEventLogSection = {"an action of type eventlog", {}, kCommonActionFields};
const SettingsSection kProgramSection = {"an action of type program", kProgramFields,
                                         kCommonActionFields};
const SettingsSection kRestoreSection = {"an action of type restore", {}, kCommonActionFields};

std::span<const std::string_view> action_types() noexcept { return kActionTypes; }

const SettingsSection& action_section(std::size_t type) noexcept {
    const SettingsSection* const sections[] = {&kLogSection, &kEventLogSection, &kProgramSection,
                                               &kRestoreSection};
    return *sections[type];
}

}  // namespace regwatch
