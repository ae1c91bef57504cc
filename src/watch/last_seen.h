// What was last seen of one key, by an earlier run too, and what a look finds different from that.
//
// A plain value, on the strand of its KeyWatch only.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "change/change.h"
#include "platform/store.h"
#include "registry/concealed.h"
#include "registry/diff.h"
#include "registry/extent.h"
#include "registry/snapshot.h"
#include "watch/key_watch_plan.h"

namespace regwatch {

// The outcome of one look that went through.
struct Look {
    SharedSnapshot now;  // null: the key does not exist
    std::vector<Difference> differences;
    Detection detection = Detection::notify;
    WallTime at{};
    WallTime previous{};    // of the look before, of an earlier run too; zero when there was none
    bool is_first = false;  // of this run
    std::u16string control_set;  // that CurrentControlSet means, for keys below HKLM\SYSTEM
    std::size_t left_out = 0;    // keys and values that are there and found no room in `now`
    bool writes_whole = false;   // it was compared with something else than what is kept of the key
    ConcealingKey concealed_with = ConcealingKey::of_this_process();  // what is redacted in `now`
};

class LastSeen {
public:
    explicit LastSeen(const KeyWatchPlan& plan) : plan_(plan) {}  // which outlives it

    // Before the first look, once: what redacted data is concealed with from now on, and what an earlier
    // run knew of the key. Nothing: it did not.
    [[nodiscard]] bool has_begun() const noexcept { return begun_; }
    void begin(const ConcealingKey& key, std::optional<StoredBaseline> stored);
    // Whether it is another one: then all is to be read again, and of what is redacted only the size is
    // compared until that was told of.
    [[nodiscard]] bool conceal_with(const ConcealingKey& key);

    // What the key is now, null for none, against what was last seen.
    [[nodiscard]] Look compare(SharedSnapshot now, Detection detection, WallTime at) const;
    // That look was told of: it is the last one now.
    void keep(const Look& look);
    // What was last seen is compared with the hive that comes back.
    void hive_is_away() noexcept { hive_was_away_ = true; }

    // Null: the key did not exist, or nothing is known of it.
    [[nodiscard]] const SharedSnapshot& state() const noexcept { return state_; }
    [[nodiscard]] bool by_this_run() const noexcept { return looked_; }
    [[nodiscard]] const ConcealingKey& key() const noexcept { return key_; }

private:
    [[nodiscard]] Extent extent() const;
    [[nodiscard]] std::vector<Difference> differences_to(const Snapshot* now) const;

    const KeyWatchPlan& plan_;
    bool begun_ = false;
    bool looked_ = false;
    bool known_ = false;  // `state_` says something
    bool hive_was_away_ = false;
    bool is_rekeyed_ = false;  // `state_` is of before that
    SharedSnapshot state_;
    Extent extent_;  // of a `state_` that an earlier run kept, or one before another key
    WallTime at_{};
    ConcealingKey key_ = ConcealingKey::of_this_process();
};

}  // namespace regwatch
