// Holds values to what their watches expect of them: says where one is otherwise, and sets it where the
// watch enforces it.
//
// see() is told what a look has found, on the thread of the look, for one key never twice at the same
// time; it writes nothing. What is to be written is written on a thread of the actions, one value at a
// time. After close() nothing is written any more. Owned by the engine; the ports outlive it. When to
// write, and when to stop, is decided in action/holding.h.
//
//   trouble                        what happens
//   a key does not exist           is made, with what is expected in it; not below HKU, where the hive of
//                                  somebody who logged off is no reason to make another one
//   it cannot be written           said once for each reason; tried again if that passes, else after the
//                                  next look
//   somebody writes it again       pauses that grow; after five times it is left alone until ten minutes
//                                  without such writing are over, and what was written is said
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "action/given_up.h"
#include "action/holding.h"
#include "action/writing_time.h"
#include "base/sync.h"
#include "change/registry_edit.h"
#include "platform/clock.h"
#include "platform/executor.h"
#include "platform/journal.h"
#include "platform/registry_writer.h"
#include "platform/strand.h"
#include "registry/snapshot.h"
#include "settings/settings.h"

namespace regwatch {

class Enforcer {
public:
    struct Ports {
        RegistryWriter& writer;
        Executor& executor;
        Clock& clock;
        Journal& journal;
        WritingTime* writing = nullptr;  // null: it is always time
    };
    static Result<std::unique_ptr<Enforcer>> create(const Ports& ports);
    ~Enforcer();
    Enforcer(const Enforcer&) = delete;
    Enforcer& operator=(const Enforcer&) = delete;

    // How much of a key there is in what was found: what found no room may be there all the same.
    enum class Found { all, what_had_room };
    // `now` is null where the key does not exist. What may be there unseen is not judged.
    void see(const WatchSettings& watch, const KeyPath& key, const Snapshot* now, Found found)
        REGWATCH_EXCLUDES(mutex_);
    // What other settings do not expect is not written any more.
    void keep_only(const std::vector<WatchSettings>& watches) REGWATCH_EXCLUDES(mutex_);
    void close() noexcept;  // idempotent

    // What is left alone at the moment, because somebody was given in to.
    [[nodiscard]] std::vector<GivenUp> given_up() const REGWATCH_EXCLUDES(mutex_);

private:
    struct Held {
        std::string watch;
        Expectation expected;
        RegistryEdit edit;  // that sets it
        Holding holding;
        std::string told_reason;  // of a failure
    };
    using Id = std::u16string;

    explicit Enforcer(const Ports& ports) : ports_(ports) {}
    void judge(const WatchSettings& watch, const Expectation& expected, const KeyPath& key,
               const std::optional<ValueData>& found) REGWATCH_EXCLUDES(mutex_);
    void tell(Holding::News news, const Held& held) const;
    void turn() REGWATCH_EXCLUDES(mutex_);
    // The one that is due first, if its time has come; otherwise the timer is set for it.
    [[nodiscard]] std::optional<Id> next_due() REGWATCH_EXCLUDES(mutex_);
    void write(const Id& id) REGWATCH_EXCLUDES(mutex_);

    // Fixed after construction.
    const Ports ports_;

    mutable Mutex mutex_;
    std::map<Id, Held> held_ REGWATCH_GUARDED_BY(mutex_);

    std::unique_ptr<Strand> strand_;
    std::unique_ptr<Timer> timer_;  // last, as it pokes the strand
};

}  // namespace regwatch
