// Putting an old state back: how it is written, how own writes are recognised, and when to stop
// fighting.
//
// `carry_out` is what `regwatch undo` uses too. A Restorer belongs to one action and one
// thread at a time. It never holds anything open. A change whose new state is what was written here
// last is its own, and is left alone. Whoever else keeps writing is given in to: after a few
// restorations in a row the restoring of that value stops until it was quiet for a while, and says so.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "change/change.h"
#include "change/registry_edit.h"
#include "platform/registry_writer.h"

namespace regwatch {

// What is gone already is no failure of deleting it, and a value's key comes back with it.
Result<void> carry_out(const RegistryEdit& edit, RegistryWriter& writer);

class Restorer {
public:
    static constexpr unsigned kMostInARow = 5;
    static constexpr Duration kQuiet = std::chrono::minutes(10);

    enum class Verdict {
        restored,
        own_write,  // nothing was done
        not_undoable,
        failed,
        gave_up,  // just now: who writes is stronger
        resting,  // it was given up before
    };
    struct Outcome {
        Verdict verdict = Verdict::restored;
        std::string reason;  // UTF-8, ends with a full stop; empty where there is nothing to say
        bool is_passing = false;  // of failed: worth trying again
    };

    explicit Restorer(RegistryWriter& writer) : writer_(writer) {}

    [[nodiscard]] Outcome restore(const Change& change);
    // Towards a state of the caller's choice instead of the old one.
    [[nodiscard]] Outcome restore(const Change& change, const RegistryEdit& edit);

private:
    struct Fight {
        std::optional<RegistryEdit> written;  // and not seen as a change yet
        unsigned rounds = 0;
        WallTime last{};
        bool given_up = false;
    };

    RegistryWriter& writer_;
    std::map<std::u16string, Fight> fights_;  // by object
};

}  // namespace regwatch
