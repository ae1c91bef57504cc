// A change in the words of Sysmon's events 12 and 13, so that rules written for Sysmon match.
//
// Pure; any thread. Sigma's rules compare these texts letter by letter, so they follow what Sysmon
// prints and not what would be nicer: a new value is a SetValue, a string has no quotes, everything
// that is neither text nor a number of 4 or 8 bytes is "Binary Data". The control set that the system
// was started with is written as CurrentControlSet, where the change says which one that is.
#pragma once

#include <optional>
#include <string>

#include "change/change.h"

namespace regwatch {

struct SysmonFields {
    int event_code = 13;                    // 12: a key, or a value that is gone; 13: a value set
    const char* event_type = "SetValue";    // CreateKey, DeleteKey, SetValue, DeleteValue
    std::u16string target_object;           // key, and the value's name behind a '\'
    std::optional<std::u16string> details;  // only for SetValue
};

[[nodiscard]] SysmonFields sysmon_fields(const Change& change);

}  // namespace regwatch
