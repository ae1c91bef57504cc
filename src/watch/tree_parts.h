// The monitors of one large subtree beside the one of the key itself, and what they say is to be read.
//
//   a part      means
//   placed      it has a seat at a monitor; whether that is registered yet is not known
//   due         its monitor has signalled since it was last read: after each registration, so also once
//               after the first one
//   covered     it was read after a registration, so that nothing in it can change unnoticed
//
// The way from one division of the tree to another never lets go of a monitor before those that take
// its place cover what it covered: all new parts are placed beside the old ones, each is registered and
// read, and only then the old ones go. The key's own monitor (the `target` of KeyWatch) takes part in
// this: for an undivided tree it watches everything, for a divided one the key alone, and in between its
// successor is a part with an empty path.
//
// What cannot be placed for another reason than that it is gone makes the tree undivided again, until
// the next sweep. On the strand of its KeyWatch only.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/clock.h"
#include "registry/key_path.h"
#include "registry/snapshot.h"
#include "watch/monitor_set.h"
#include "watch/monitor_slot.h"
#include "watch/partition.h"
#include "watch/snapshot_reader.h"

namespace regwatch {

class TreeParts {
public:
    TreeParts(KeyPath root, std::size_t max_keys, const std::unique_ptr<Strand>& strand,
              MonitorSet& monitors)
        : root_(std::move(root)), max_keys_(max_keys), strand_(strand), monitors_(monitors) {}

    // Notes whose monitors have signalled, and lets go of those whose key is gone.
    void take_signals();
    [[nodiscard]] bool have_signals() const;
    [[nodiscard]] bool want_a_look() const;
    void looked() noexcept;     // they may call back again
    void clear() noexcept;      // when the key itself is lost
    void try_again() noexcept;  // at a sweep

    // Reads what is due and puts it in its place in `tree`.
    // On failure all of it stays due; a part that cannot be read stays as it was, and due.
    Result<SharedSnapshot> read_due(SharedSnapshot tree, const ReadPlan& plan, const Clock& clock);
    // The names below this key may have changed, of which a deleted key's own monitor may not tell.
    void verify_below(std::u16string_view path);
    // The part that this key is in is due.
    void read_again(std::u16string_view path);
    // Everything was read, after the registrations that there were by then.
    void all_read() noexcept;

    // What is next? Call it after each look that went through. True: look again at once.
    enum class Keys { same, changed };
    [[nodiscard]] bool adapt(const Snapshot& tree, Keys keys, MonitorSlot& target);

private:
    struct Place {
        Place(Part part_in, const std::unique_ptr<Strand>& strand)
            : part(std::move(part_in)), slot(strand) {}
        Part part;
        MonitorSlot slot;
        bool owes_look = false;  // to the monitor, which waits for it
        bool due = false;
        bool covered = false;
    };

    [[nodiscard]] Place* find(const Part& part) const;
    [[nodiscard]] bool is_wanted(const Part& part) const;
    // The key that a part's name leads to is another one than its monitor's, or none.
    void lose(Place& place);
    void lose_below(std::u16string_view path);
    [[nodiscard]] Result<SharedSnapshot> read(Place& place, const SharedSnapshot& tree,
                                              const ReadPlan& plan, const Clock& clock);
    [[nodiscard]] Result<void> place(Place& place, const MonitorSlot& target);
    [[nodiscard]] bool place_missing(const MonitorSlot& target);
    [[nodiscard]] bool all_covered(const MonitorSlot& target) const;
    void take_over(MonitorSlot& target);

    // Fixed after construction.
    const KeyPath root_;
    const std::size_t max_keys_;
    const std::unique_ptr<Strand>& strand_;
    MonitorSet& monitors_;

    bool undivided_ = false;
    bool settled_ = false;      // the places are those that are wanted, and all of them covered
    std::vector<Part> wanted_;  // sorted by path; empty: not yet asked
    std::vector<std::unique_ptr<Place>> places_;
};

}  // namespace regwatch
