// Putting an old state back: how it is written, how own writes are recognised, and when to stop
// fighting.
//
// `carry_out` is what `regwatch undo` uses too. A Restorer belongs to one action and one thread at a
// time. It never holds anything open.
//
//   a change                         what happens
//   whose state was written here     it is its own, and left alone (action/restored_states.h)
//   that is not what is there now    nothing is written: somebody has changed the same thing since, and
//                                    if it is watched, that is the next change
//   that follows another one         as long as each begins where the last one ended and none led back,
//                                    what is put back is what was there before the first of them
//   that somebody makes again        is put back a few times in a row; then the object is left alone
//                                    until it was quiet for a while, and that is said; a restart of the
//                                    service changes nothing of it
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "action/restored_states.h"
#include "action/writing_time.h"
#include "base/result.h"
#include "change/change.h"
#include "change/registry_edit.h"
#include "platform/clock.h"
#include "platform/registry.h"
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
        overtaken,  // nor here: it is not as the change left it any more
        not_undoable,
        failed,
        gave_up,  // just now: who writes is stronger
        resting,  // it was given up before
        put_off,  // nothing was begun: the service stops
    };
    struct Outcome {
        Verdict verdict = Verdict::restored;
        std::string reason;  // UTF-8, ends with a full stop; empty where there is nothing to say
        bool is_passing = false;  // of failed: worth trying again
    };

    struct Ports {
        RegistryWriter& writer;
        Registry& registry;
        Clock& clock;
        WritingTime* writing = nullptr;  // null: it is always time
    };
    Restorer(const Ports& ports, RestoredStates written)
        : ports_(ports), written_(std::move(written)) {}

    [[nodiscard]] Outcome restore(const Change& change);
    // How long what was just given up is left alone if nobody writes it again.
    [[nodiscard]] static WallTime rests_until(const Change& change);

private:
    struct Fight {
        // Of the changes that have not led back yet: what is to be there again, where the last of them
        // has led, and which that was.
        std::optional<RegistryEdit> target;
        std::optional<ChangeData> left;
        std::string change;
        unsigned rounds = 0;
        WallTime last{};
        bool given_up = false;
    };
    // Of more objects at once, the fights that ended longest ago are forgotten.
    static constexpr std::size_t kMostFights = 10'000;

    [[nodiscard]] Fight& fight_over(const Change& change);
    [[nodiscard]] Outcome put_back(const Change& change, const RegistryEdit& edit, Fight& fight);

    const Ports ports_;
    RestoredStates written_;
    std::map<std::u16string, Fight> fights_;  // by object
};

}  // namespace regwatch
