// Port: what outlives the process: the baseline of every watched key, the history of changes, and the
// deliveries that are still owed.
//
// Implemented by src/state, in SQLite for the service and in memory for where nothing is kept;
// tests/support has one that fails on demand, and tests/contract runs on all. Any thread may call; calls
// come one after another inside. A call that fails changes nothing, and state() then says what is
// wrong; the next call tries afresh. Wall times are kept exactly.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "change/change.h"
#include "registry/concealed.h"
#include "registry/diff.h"
#include "registry/extent.h"
#include "registry/key_path.h"
#include "registry/snapshot.h"

namespace regwatch {

enum class StoreState {
    ready,
    locked,     // somebody else holds the database
    full,       // the disk is
    read_only,  // the file or its folder may not be written
    damaged,    // what is in the file is no database, or a broken one; opening moves it aside
    newer,      // written by a later version, which we do not touch
    in_use,     // another service works with this data directory
    failed,     // anything else
};
[[nodiscard]] const char* name_of(StoreState state) noexcept;

// A key as it was when it was last looked at.
struct StoredBaseline {
    std::optional<Snapshot> state;  // nothing: the key did not exist
    WallTime seen{};
    Extent extent;  // of the look that found it
};

// A watched key, or the pattern that finds some: HKLM\SOFTWARE\\* stands for the names below HKLM\SOFTWARE.
struct BaselineName {
    std::string watch;
    KeyPath key;
    WallTime seen{};
    bool exists = false;
};
// Whether it is that of a pattern. A name may hold wildcards, but no key two backslashes in a row.
[[nodiscard]] bool stands_for_names(const KeyPath& key) noexcept;

// What one look means for the baseline. Views: they live until commit() returns.
struct BaselineUpdate {
    enum class Write {
        seen,         // nothing has changed
        differences,  // these; the whole of it where there is no baseline yet
        whole,
    };
    const std::string* watch = nullptr;
    const KeyPath* key = nullptr;
    WallTime seen{};
    Write write = Write::seen;
    const Snapshot* now = nullptr;  // null: the key does not exist
    std::span<const Difference> differences;
    // Where the stored one has another extent, all of it is written, whatever `write` says.
    Extent extent = {};
};

// A change and the actions that get it.
struct NewRecord {
    SharedChange change;
    const std::vector<std::string>* actions = nullptr;  // none, or null: history only
};

struct DeliveryId {
    std::string action;
    std::uint64_t sequence = 0;
};

// Why a change that an action was owed did not get there, although nothing failed.
enum class LeftOut : std::uint8_t { muted, limited, limited_in_all };

// How many changes of a watch an action did not get, and nobody has been told yet.
struct LeftOutCount {
    std::string action;
    std::string watch;
    LeftOut why = LeftOut::muted;
    std::int64_t count = 0;  // in a batch: what is added, or less than 0 when it was told
    WallTime since{};
    WallTime last{};
};

// Written together or not at all.
struct StoreBatch {
    std::vector<BaselineUpdate> baseline;
    // In the order of their numbers. One that is stored already is not stored again; a number that another
    // change has fails.
    std::vector<NewRecord> records;
    std::vector<DeliveryId> delivered;  // no longer owed
    std::vector<LeftOutCount> left_out{};

    [[nodiscard]] bool empty() const noexcept {
        return baseline.empty() && records.empty() && delivered.empty() && left_out.empty();
    }
};

struct StoreOpened {
    bool is_new = false;                   // there was none before
    std::string moved_aside;               // where a damaged one is now; empty: none was
    std::string damage;                    // what was wrong with it
    std::uint64_t last_sequence = 0;       // that was ever stored
    std::vector<LeftOutCount> left_out{};  // that was counted and not told
    // What redacted data is concealed with, the same for as long as there is this store. Nothing: it
    // keeps none.
    std::optional<ConcealingKey> key;
};

struct HistoryQuery {
    std::optional<WallTime> from;
    std::optional<WallTime> to;
    std::string watch;   // empty: all
    std::u16string key;  // part of the path, in any case; empty: all
    std::optional<DifferenceKind> kind;
    std::vector<std::string> ids;  // ids or sequence numbers; empty: all
    std::uint64_t after = 0;       // only higher numbers
    std::size_t limit = 0;         // the newest ones; 0: all
    // Told now and then how many were looked at. Empty: nobody wants to know.
    std::function<void(std::uint64_t)> on_progress;
};

struct Retention {
    WallTime oldest_change{};           // older ones go, unless they are still owed
    std::uint64_t most_changes = 0;     // 0: any number
    WallTime oldest_delivery{};         // older ones are given up
    std::uint64_t most_deliveries = 0;  // for one action; 0: any number
    std::vector<std::string> actions;   // that exist; what is owed to others is given up
};

struct LostDeliveries {
    std::string action;
    std::uint64_t count = 0;
    std::string reason;  // "older than allowed"
};

struct StoreCounts {
    std::uint64_t changes = 0;
    std::uint64_t pending = 0;
    std::uint64_t keys = 0;  // watched ones
};

class Store {
public:
    virtual ~Store() = default;

    // Makes it ready. Once before all else, and again after a failure; when it is, only answers.
    virtual Result<StoreOpened> open() = 0;
    [[nodiscard]] virtual StoreState state() const = 0;

    virtual Result<void> commit(const StoreBatch& batch) = 0;

    // Nothing: there is none yet.
    virtual Result<std::optional<StoredBaseline>> baseline(const std::string& watch,
                                                           const KeyPath& key) = 0;
    virtual Result<std::vector<BaselineName>> baselines() = 0;  // sorted by watch and key
    virtual Result<void> forget(const std::string& watch, const KeyPath& key) = 0;

    // Owed to the action, of a higher number than `after`, in order, at most `limit`, and of more than
    // one no more than kMostBytesAtOnce (change/change_size.h) and the last of them.
    virtual Result<std::vector<SharedChange>> pending(const std::string& action,
                                                      std::uint64_t after, std::size_t limit) = 0;
    // In the order of their numbers.
    virtual Result<std::vector<SharedChange>> history(const HistoryQuery& query) = 0;
    virtual Result<StoreCounts> counts() = 0;
    virtual Result<std::vector<LostDeliveries>> retain(const Retention& retention) = 0;
};

}  // namespace regwatch
