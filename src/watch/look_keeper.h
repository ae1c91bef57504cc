// Who keeps what the looks find, and knows what they found the last time: the engine.
//
// On pool threads, for one key never twice at the same time. Outlives the watches.
#pragma once

#include <optional>

#include "base/result.h"
#include "platform/store.h"
#include "registry/key_path.h"
#include "settings/settings.h"
#include "watch/key_watch.h"

namespace regwatch {

class LookKeeper {
public:
    // What an earlier run knew of the key, or of the names that a pattern saw. Nothing: it did not. An
    // error: it cannot be read now; it is compared with the key at a later look.
    virtual Result<std::optional<StoredBaseline>> baseline(const WatchSettings& watch,
                                                           const KeyPath& key) = 0;
    // What redacted data is concealed with from now on.
    [[nodiscard]] virtual ConcealingKey key() const = 0;
    virtual void take(const WatchSettings& watch, const KeyPath& key, Look& look) = 0;
    // The names that a pattern saw: no news in themselves, but the next start begins with them.
    virtual void take_names(const WatchSettings& watch, const KeyPath& pattern, Look& look) = 0;

    // A key that a pattern has just found, and that is news: it was not there, in case that its own first look
    // is not kept any more.
    virtual void take_absent(const WatchSettings& watch, const KeyPath& key, Look& look) = 0;

    // A look that was signalled and found all as it was, whatever it was in between.
    virtual void found_nothing(const WatchSettings& watch, const KeyPath& key,
                               const Look& look) = 0;

protected:
    ~LookKeeper() = default;
};

}  // namespace regwatch
