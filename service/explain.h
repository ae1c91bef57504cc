// Which watches of a configuration a change would reach, which actions each would call, and why the
// others stay silent.
//
// Pure; any thread. Says what the configuration says: whether the key exists is not asked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/key_path.h"
#include "settings/settings.h"

namespace regwatch {

// The subject of an explanation: a key, or one value of it.
struct ExplainSubject {
    KeyPath key;                          // no wildcards
    std::optional<std::u16string> value;  // empty text: the default value
};

struct WatchExplanation {
    std::string watch;
    bool reports = false;
    std::string reason;                // why, or why not; without a full stop
    std::vector<std::string> actions;  // names, of one that reports
};

[[nodiscard]] WatchExplanation explain_watch(const WatchSettings& watch,
                                             const ExplainSubject& subject);

// For people; whole lines.
[[nodiscard]] std::string explain_text(const Settings& settings, const ExplainSubject& subject);

}  // namespace regwatch
