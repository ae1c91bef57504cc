// The keys below a watched one that its looks cannot read: which they are, what is to be told of them, and
// when they are tried again.
//
// What is known of such a key stays as it is, and it is told of once, unless it only changes too fast. It
// is tried again with growing delay, a key that is refused by opening it alone, so that a tree is not
// read again for the sake of one that nobody may read. On the strand of its KeyWatch only.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "platform/journal.h"
#include "platform/registry.h"
#include "watch/key_watch_plan.h"
#include "watch/snapshot_reader.h"
#include "watch/tree_parts.h"

namespace regwatch {

class UnreadKeys {
public:
    explicit UnreadKeys(const KeyWatchPlan& plan) : plan_(plan) {}  // which outlives it

    // What the look that begins cannot read is added to the answer.
    [[nodiscard]] std::vector<UnreadKey>& begin_look(bool is_all);
    // It went through. What has to be told of it.
    [[nodiscard]] std::vector<Notice> looked(SteadyTime now);
    void clear();

    // Whether one may have been read since this was asked last: a tree is divided by what is known of it.
    [[nodiscard]] bool take_read_at_last() noexcept { return std::exchange(read_at_last_, false); }
    [[nodiscard]] std::size_t count() const noexcept { return known_.size(); }
    // Until somebody has to ask again; nothing where there is nothing to ask for.
    [[nodiscard]] std::optional<Duration> wait(SteadyTime now) const;
    // Whether one may be read by now; the part that it is in is then due.
    [[nodiscard]] bool try_again(SteadyTime now, RegistryKey& key, TreeParts& parts);

private:
    const KeyWatchPlan& plan_;
    std::map<std::u16string, ErrorKind> known_;  // by path below the watched key
    std::vector<UnreadKey> noted_;               // by the look that is going on
    bool is_all_ = false;
    bool read_at_last_ = false;
    Duration delay_{};
    SteadyTime next_{};
};

}  // namespace regwatch
