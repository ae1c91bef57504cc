// The node of a path with wildcards: watches the names below the part before the first wildcard, and
// makes a node for each key that fits, at once and whenever one appears.
//
// A key that goes away keeps its node, which waits for it to come back: its deletion is then reported
// by the same node that knew what was in it. The names are kept under the pattern itself, so that a key
// that came or went while nobody watched is known to be new, or gone, and not merely not known. HKCU in
// a config is such a pattern too, over the hives of the users. "**" goes down one level at a time: each
// key on the way gets a node of the same kind for what is below it. All nodes of one pattern of the
// config share a budget; when it is used up, keys that are gone give way, and after that what comes is
// left out and said to be.
// Threads as WatchNode; looks of the names on the strand of its own KeyWatch.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/sync.h"
#include "watch/key_pattern.h"
#include "watch/watch_node.h"

namespace regwatch {

class PatternWatch final : public WatchNode, private KeyWatch::Client {
public:
    static Result<std::unique_ptr<WatchNode>> create(const WatchSettings& watch,
                                                     const FoundPath& pattern, FirstLook first_look,
                                                     Detection detection,
                                                     std::shared_ptr<PatternBudget> budget,
                                                     const KeyWatch::Ports& ports,
                                                     WatchOwner& owner);

    void start() override { names_->start(); }
    void close() noexcept override REGWATCH_EXCLUDES(mutex_);
    void add_status(std::vector<WatchStatus>& all) const override REGWATCH_EXCLUDES(mutex_);
    void release_hive(std::u16string_view sid) override REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool is_gone() const override REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool is_without_match() const override { return is_first_ && !budget_->found(); }

private:
    struct Child {
        std::shared_ptr<WatchNode> node;
        bool is_key = false;  // and not a pattern again
    };
    using Children = std::map<std::u16string, Child>;  // by the id of what was found

    PatternWatch(const WatchSettings& watch, const FoundPath& pattern, FirstLook first_look,
                 std::shared_ptr<PatternBudget> budget, WatchOwner& owner);
    void on_look(const KeyWatchPlan& plan, Look& look) override REGWATCH_EXCLUDES(mutex_);
    void on_settled() override;
    // `present` are the names that there are now.
    void compare(const Snapshot& present, Look& look) REGWATCH_EXCLUDES(mutex_);
    void report_anew(const Snapshot& present, const std::u16string& name) REGWATCH_EXCLUDES(mutex_);
    void forget_gone(const Snapshot& present);
    void take_subkey(const Snapshot& present, const std::u16string& name, FirstLook first_look,
                     Detection detection) REGWATCH_EXCLUDES(mutex_);
    void attach(const KeyPattern::Found& found, const Snapshot& present, FirstLook first_look,
                Detection detection) REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool is_attached(const std::u16string& child) const REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] bool take_from_budget(const Snapshot& present) REGWATCH_EXCLUDES(mutex_);
    void let_go(const std::vector<Child>& children) noexcept;
    [[nodiscard]] bool drop_gone(const Snapshot& present) REGWATCH_EXCLUDES(mutex_);

    // Fixed after construction.
    const WatchSettings& watch_;
    WatchOwner& owner_;
    const FirstLook first_look_;
    const bool is_first_;  // it stands in the config
    const std::shared_ptr<PatternBudget> budget_;
    const KeyPattern pattern_;

    // Strand only.
    bool looked_for_gone_ = false;        // in this look
    bool is_unread_ = false;              // which names there were before could not be read yet
    std::set<std::u16string> undecided_;  // folded names, meanwhile: there before, or new
    std::map<std::u16string, FirstLook>
        refused_;           // by id: no place; how it would have been looked at
    bool settled_ = false;  // on the strand, and by close() after its end

    mutable Mutex mutex_;
    Children children_ REGWATCH_GUARDED_BY(mutex_);  // made and dropped on the strand

    std::unique_ptr<KeyWatch> names_;  // last: closed before what its looks use
};

}  // namespace regwatch
