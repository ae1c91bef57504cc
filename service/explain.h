// Which watches of a configuration a change would reach, which actions each would call, and why the
// others stay silent.
//
// Pure; any thread. Says what the configuration says: whether the key exists is not asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "registry/key_path.h"
#include "service/explain_when.h"
#include "settings/loader.h"
#include "settings/settings.h"

namespace regwatch {

// The subject of an explanation: a key, or one value of it.
struct ExplainSubject {
    KeyPath key;                                    // no wildcards; any of its names
    std::optional<std::u16string> value;            // empty text, or "(Default)": the default value
    std::u16string control_set = u"ControlSet001";  // what CurrentControlSet means
};

// "(Default)" is how records write the value without a name.
[[nodiscard]] std::optional<std::u16string> plain_value(const std::optional<std::u16string>& value);

struct WatchExplanation {
    std::string watch;
    bool reports = false;
    std::string reason;                // why, or why not; without a full stop
    std::vector<std::string> actions;  // names, of one that reports
    PossibleChanges changes;           // of one that reports
};

[[nodiscard]] WatchExplanation explain_watch(const WatchSettings& watch,
                                             const ExplainSubject& subject);

// For people; whole lines. Of a configuration without problems.
[[nodiscard]] std::string explain_text(const LoadOutcome& loaded, const ExplainSubject& subject,
                                       WallTime now);

}  // namespace regwatch
