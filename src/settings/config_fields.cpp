// The fields of a whole config, and those of its state.
#include "settings/field_parts.h"

namespace regwatch {
namespace {

// In the order of the enumerations they are read into.
constexpr std::string_view kUnseen[] = {"accept", "report"};

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
    {.name = "total_rate_limit",
     .shape = FieldShape::count,
     .description =
         "how many changes all actions together get a minute; what is beyond is left out, "
         "stays in the history and is counted; 0 is no limit. Only the main file says it",
     .fallback = "0",
     .maximum = 1'000'000},
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

}  // namespace

const SettingsSection kConfigSection = {"a config", kConfigFields};
const SettingsSection kStateSection = {"\"state\"", kStateFields};

}  // namespace regwatch
