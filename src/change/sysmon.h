// A change in the words of Sysmon's events 12, 13 and 14, so that rules written for Sysmon match.
//
// Pure; any thread. Sigma's rules compare these texts letter by letter, so they follow what Sysmon
// prints and not what would be nicer: a new value is a SetValue, a string has no quotes, everything
// that is neither text nor a number of 4 or 8 bytes is "Binary Data". The control set that the system
// was started with is written as CurrentControlSet, where the change says which one that is. Sysmon
// has no event for permissions; "SetSecurity" is no word of its own and matches none of its rules.
#pragma once

#include <optional>
#include <string>

#include "change/change.h"

namespace regwatch {

struct SysmonFields {
    int event_code = 13;  // 12: a key, or a value that is gone; 13: a value set; 14: a renaming
    const char* event_type = "SetValue";  // CreateKey, DeleteKey, SetValue, DeleteValue, RenameKey
    std::u16string target_object;         // key, and the value's name behind a '\'
    std::optional<std::u16string> details;   // only for SetValue
    std::optional<std::u16string> new_name;  // only for RenameKey: the whole new path
};

[[nodiscard]] SysmonFields sysmon_fields(const Change& change);

}  // namespace regwatch
