// Where every look ends up: numbers the changes, writes them down together with the new baseline and
// with who is owed them, and then hands them on. What could not be written is handed on as well.
//
// Called by many looks at once. One of those that come at the same time writes for all of them, in one
// transaction, and hands on for all of them, in the order of the numbers; the others wait. So what has
// a number is written, and what is written is handed on, in one order.
//
//   trouble               what happens
//   the store fails       named once, with what it is; changes are handed on, not kept; tried again
//                         with growing delay; then they are written, as owed to those who have not had
//                         them by then, and the baseline of what was missed is written as a whole
//   damaged               the store moves it aside when it is opened; then as a new one, and all that is
//                         known of the keys is written into it
//   cannot be read when   the look is the baseline for now; compared with the stored one as soon as that
//   a key is first seen   can be read, and what changed meanwhile is reported then
//   cannot be read at     numbers go on behind all that earlier runs have set aside
//   the start
//   nor can numbers be    changes are handed on with their ids alone, and get their numbers, in order,
//   set aside             when they are written
//
// Without a store nothing is kept, and that is no trouble. The store, the ports and `deliver` outlive it.
// Owned by the engine; open() before anything else; close() when no look is going on any more.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/sync.h"
#include "change/change.h"
#include "change/ulid.h"
#include "platform/accounts.h"
#include "platform/clock.h"
#include "platform/executor.h"
#include "platform/journal.h"
#include "platform/number_mark.h"
#include "platform/store.h"
#include "settings/settings.h"
#include "state/change_numbers.h"
#include "state/left_baselines.h"
#include "state/make_change.h"

namespace regwatch {

// Since the start, but for the first.
struct RecordCounts {
    std::uint64_t last_sequence = 0;  // of the latest change, also of an earlier run
    std::uint64_t changes = 0;
    std::uint64_t merged =
        0;  // signals that led to no difference: it came and went before the look
    std::uint64_t truncated = 0;  // changes whose data was too large to be handed on as a whole
    std::uint64_t lost = 0;       // deliveries given up, too old or too many
    std::uint64_t missing = 0;    // changes, in the history, because the store failed for too long
};

class Recorder {
public:
    // The names of the actions that get the change.
    using Audience =
        std::function<std::vector<std::string>(const WatchSettings& watch, const Change& change)>;
    // `is_kept`: the store has it, with who is owed it.
    using Deliver = std::function<void(const std::vector<std::string>& actions,
                                       const SharedChange& change, bool is_kept)>;
    struct Client {
        Audience audience;
        Deliver deliver;
        std::function<std::uint64_t()> dropped;  // by full queues, since the start
        // What an earlier run has counted and could not tell; it counts as told then.
        std::function<void(const std::vector<LeftOutCount>& counts)> tell_left_out;
    };
    // What a reload may change: what is owed to an action that is not among these goes one day.
    struct Plan {
        StateSettings state;
        std::vector<std::string> actions;
    };
    struct Ports {
        Store* store = nullptr;  // may be null
        Executor& executor;
        Clock& clock;
        Journal& journal;
        Accounts* accounts = nullptr;  // may be null
        NumberMark* mark = nullptr;    // may be null
    };
    static Result<std::unique_ptr<Recorder>> create(const Ports& ports, Plan plan, Client client);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    void open() REGWATCH_EXCLUDES(mutex_);
    // That there are: what is stored of others, a watch goes on from that has seen nothing of a key yet.
    // Before open(), and before any of these watches takes a look.
    void set_watches(std::set<std::string> names) REGWATCH_EXCLUDES(mutex_);
    // From now on; not after close().
    void set_plan(Plan plan) REGWATCH_EXCLUDES(mutex_);
    void close() noexcept REGWATCH_EXCLUDES(mutex_);  // idempotent; writes down what it can

    // What redacted data is concealed with; another one when the store is opened late, or is a new one.
    [[nodiscard]] ConcealingKey key() const REGWATCH_EXCLUDES(mutex_);
    // Nothing: there is none. An error: it cannot be read now, and is compared at a later look.
    [[nodiscard]] Result<std::optional<StoredBaseline>> baseline(const WatchSettings& watch,
                                                                 const KeyPath& key)
        REGWATCH_EXCLUDES(mutex_);
    // Returns when it is written and handed on.
    void take(FoundState found) REGWATCH_EXCLUDES(mutex_);
    // A look that was signalled and found nothing.
    void found_nothing(const WatchSettings& watch, const KeyPath& key, const SharedSnapshot& now)
        REGWATCH_EXCLUDES(mutex_);

    // As Store::pending().
    Result<std::vector<SharedChange>> owed(const std::string& action, std::uint64_t after,
                                           std::size_t limit) REGWATCH_EXCLUDES(mutex_);
    void delivered(const std::string& action, const Change& change) REGWATCH_EXCLUDES(mutex_);
    void write_delivered() REGWATCH_EXCLUDES(mutex_);
    // The change that is being delivered to the action does not get there: counted when it is delivered().
    void left_out(const std::string& action, const Change& change, LeftOut why)
        REGWATCH_EXCLUDES(mutex_);
    void told_left_out(const std::string& action, const std::string& watch, LeftOut why,
                       std::uint64_t count) REGWATCH_EXCLUDES(mutex_);

    [[nodiscard]] RecordCounts counts() const REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] StoreState state() const REGWATCH_EXCLUDES(mutex_);

private:
    using Name = std::pair<std::string, std::u16string>;  // watch, folded key

    // What one look adds to a transaction. On the stack of its thread, which waits until it is done.
    struct Entry {
        FoundState found;
        std::vector<std::shared_ptr<Change>> changes;
        std::vector<std::vector<std::string>> actions;  // of each
        WallTime at{};
        bool is_done = false;
    };

    // What was last told of a key. Whoever watches it holds its state, as long as they do; the names that
    // a pattern saw nobody else does.
    struct Known {
        std::string watch;
        KeyPath key;
        Extent extent;
        WallTime seen{};
        bool exists = false;
        std::weak_ptr<const Snapshot> state;
        SharedSnapshot names;
    };

    // What the store could not take, and who gets it.
    struct Unwritten {
        SharedChange change;
        std::vector<std::string> actions;
    };
    // What is not yet told of what was left out, since the last writing.
    using LeftOutName = std::tuple<std::string, std::string, LeftOut>;  // action, watch
    using LeftOutCounts = std::map<LeftOutName, LeftOutCount>;
    struct LeavingOut {
        std::string id;  // of the change
        LeftOutCount one;
    };
    // Of what is no longer owed, whatever became of it: in one transaction with what is owed.
    struct Done {
        std::vector<DeliveryId> delivered;
        LeftOutCounts left_out;
    };

    // Of a change that had no number when it was handed on, or one that the store may not have for it.
    struct EarlyDelivery {
        std::string action;
        std::string id;
        std::uint64_t sequence = 0;  // of one that an earlier run has stored
    };

    // What one of those that come at the same time does for all of them.
    struct Turn {
        std::vector<Entry*> entries;
        Done done;
        std::uint64_t last_before = 0;  // the number
        bool may_commit = false;        // what is numbered is numbered as the store wants it
    };

    Recorder(const Ports& ports, Plan plan, Client client);
    void keep_up() REGWATCH_EXCLUDES(mutex_);
    void retain() REGWATCH_EXCLUDES(mutex_);
    Result<void> find_left() REGWATCH_EXCLUDES(mutex_);
    void forget_left(WallTime oldest) REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] Result<std::optional<StoredBaseline>> stored(const WatchSettings& watch,
                                                               const KeyPath& key)
        REGWATCH_EXCLUDES(mutex_);
    void beat() REGWATCH_EXCLUDES(mutex_);
    void compare_late(FoundState& found) REGWATCH_EXCLUDES(mutex_);
    // Whether it could be compared.
    [[nodiscard]] bool compare_with_stored(FoundState& found) REGWATCH_EXCLUDES(mutex_);
    void number_late() REGWATCH_REQUIRES(mutex_);
    void number(Entry& entry) REGWATCH_REQUIRES(mutex_);
    // Until `mine` is done; without one, what is there now, unless somebody else is at it.
    void work_off(const Entry* mine) REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] std::optional<ChangeNumbers::Skipped> begin(Turn& turn) REGWATCH_REQUIRES(mutex_);
    void write(Turn& turn) REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool commit(const Turn& turn) REGWATCH_EXCLUDES(mutex_);
    void take_numbers_back(const Turn& turn, const Error& error) REGWATCH_EXCLUDES(mutex_);
    void miss(Turn& turn) REGWATCH_EXCLUDES(mutex_);
    void count_left_out(const LeftOutCount& count) REGWATCH_REQUIRES(mutex_);
    void remember(const FoundState& found) REGWATCH_REQUIRES(mutex_);
    void write_known() REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] std::vector<std::pair<Known, SharedSnapshot>> all_known()
        REGWATCH_REQUIRES(mutex_);
    void retry() REGWATCH_EXCLUDES(mutex_);
    void set_timer(Timer& timer, Duration delay) REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool is_closed() const REGWATCH_EXCLUDES(mutex_);
    void failed(const Error& error) REGWATCH_EXCLUDES(mutex_);
    // What failed was no attempt at writing: where that failed before, it is being tried again already.
    void failed_to_read(const Error& error) REGWATCH_EXCLUDES(mutex_);
    void recovered() REGWATCH_EXCLUDES(mutex_);
    void tell(const StoreOpened& opened) REGWATCH_EXCLUDES(mutex_);
    void tell(const std::optional<ChangeNumbers::Skipped>& skipped);

    // Fixed after construction.
    const Ports ports_;
    const Client client_;
    const std::unique_ptr<LeftBaselines> left_;  // null without a store

    mutable Mutex mutex_;
    Condition changed_;
    std::vector<Entry*> queue_ REGWATCH_GUARDED_BY(mutex_);
    Done done_ REGWATCH_GUARDED_BY(mutex_);
    std::map<std::string, LeavingOut> leaving_out_ REGWATCH_GUARDED_BY(mutex_);  // by action
    bool is_past_told_ REGWATCH_GUARDED_BY(mutex_) = false;  // what an earlier run left out
    Plan plan_ REGWATCH_GUARDED_BY(mutex_);
    std::set<std::string> watches_ REGWATCH_GUARDED_BY(mutex_);
    bool is_open_ REGWATCH_GUARDED_BY(mutex_) = false;  // or was, in this run
    // By then those that are there have gone on from what others have left.
    SteadyTime left_due_ REGWATCH_GUARDED_BY(mutex_){};
    bool is_new_plan_ REGWATCH_GUARDED_BY(mutex_) = false;  // the upkeep does not know it yet
    bool is_closed_ REGWATCH_GUARDED_BY(mutex_) = false;    // nothing is done by itself any more
    bool writing_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool again_ REGWATCH_GUARDED_BY(mutex_) = false;  // somebody came while somebody wrote
    RecordCounts counts_ REGWATCH_GUARDED_BY(mutex_);
    // That a number is of one change alone; what is delivered before is known by its id.
    bool is_confirmed_ REGWATCH_GUARDED_BY(mutex_) = false;
    // Until whoever writes next knows of it.
    std::optional<StoreOpened> opened_ REGWATCH_GUARDED_BY(mutex_);
    UlidMaker ids_ REGWATCH_GUARDED_BY(mutex_);
    std::random_device random_ REGWATCH_GUARDED_BY(mutex_);
    ConcealingKey key_ REGWATCH_GUARDED_BY(mutex_) = ConcealingKey::of_this_process();
    // While the store fails.
    StoreState state_ REGWATCH_GUARDED_BY(mutex_) = StoreState::ready;
    bool may_try_ REGWATCH_GUARDED_BY(mutex_) = true;
    Duration delay_ REGWATCH_GUARDED_BY(mutex_){};
    std::set<Name> stale_ REGWATCH_GUARDED_BY(mutex_);       // the stored baseline misses something
    std::set<Name> uncompared_ REGWATCH_GUARDED_BY(mutex_);  // with the stored baseline
    std::map<Name, Known> known_ REGWATCH_GUARDED_BY(mutex_);
    bool is_new_store_ REGWATCH_GUARDED_BY(mutex_) = false;   // what is known is not in it
    bool is_store_back_ REGWATCH_GUARDED_BY(mutex_) = false;  // what is stale is to be written
    std::vector<Unwritten> unwritten_ REGWATCH_GUARDED_BY(mutex_);  // changed by whoever writes
    std::size_t unwritten_bytes_ REGWATCH_GUARDED_BY(mutex_) = 0;   // they take up
    // Of those, one has no number yet, or one that may be another's.
    bool is_some_uncertain_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool is_unnumbered_told_ REGWATCH_GUARDED_BY(mutex_) = false;
    std::vector<EarlyDelivery> early_ REGWATCH_GUARDED_BY(mutex_);
    std::map<std::string, std::uint64_t> late_numbers_ REGWATCH_GUARDED_BY(mutex_);  // by id
    // The id of the first that is not among the unwritten for want of room: empty for none.
    std::string first_missing_ REGWATCH_GUARDED_BY(mutex_);
    std::uint64_t missing_ REGWATCH_GUARDED_BY(mutex_) = 0;  // since it failed

    ChangeNumbers numbers_;  // of whoever writes; of open(), before that

    // Of the upkeep's task only, and of open(), before it.
    SteadyTime last_beat_{};
    SteadyTime next_retention_{};

    // Last: their tasks use all of the above.
    std::unique_ptr<Timer> timer_;   // tries again after a failure
    std::unique_ptr<Timer> upkeep_;  // what is too old goes; the heartbeat
};

}  // namespace regwatch
