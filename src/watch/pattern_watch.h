// The node of a path with wildcards: watches the names below the part before the first wildcard, and
// makes a node for each key that fits, at once and whenever one appears.
//
// A key that goes away keeps its node, which waits for it to come back: its deletion is then reported
// by the same node that knew what was in it. The names are kept under the pattern itself, so that a key
// that came or went while nobody watched is known to be new, or gone, and not merely not known. HKCU in
// a config is such a pattern too, over the hives of the users.
// Threads as WatchNode; looks of the names on the strand of its own KeyWatch.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/sync.h"
#include "watch/watch_node.h"

namespace regwatch {

class PatternWatch final : public WatchNode, private KeyWatch::Client {
public:
    static Result<std::unique_ptr<WatchNode>> create(const WatchSettings& watch,
                                                     const KeyPath& pattern, FirstLook first_look,
                                                     Detection detection,
                                                     const KeyWatch::Ports& ports,
                                                     WatchOwner& owner);

    void start() override { names_->start(); }
    void close() noexcept override REGWATCH_EXCLUDES(mutex_);
    void add_status(std::vector<WatchStatus>& all) const override REGWATCH_EXCLUDES(mutex_);

private:
    PatternWatch(const WatchSettings& watch, const KeyPath& pattern, FirstLook first_look,
                 Detection detection, WatchOwner& owner);
    void on_look(const KeyWatchPlan& plan, Look& look) override REGWATCH_EXCLUDES(mutex_);
    void on_settled() override;
    [[nodiscard]] bool fits(const std::u16string& name) const;
    [[nodiscard]] bool finds_hives() const;
    void attach_first(const Look& look) REGWATCH_EXCLUDES(mutex_);
    void attach(const std::u16string& name, FirstLook first_look, Detection detection)
        REGWATCH_EXCLUDES(mutex_);

    // Fixed after construction.
    const WatchSettings& watch_;
    WatchOwner& owner_;
    const FirstLook first_look_;
    const Detection detection_;
    const bool users_only_;  // HKCU: only the hives of people
    const KeyPath pattern_;
    KeyPath prefix_;       // up to the first component with a wildcard
    std::u16string glob_;  // that component
    std::u16string rest_;  // what follows, may be empty and may hold wildcards

    std::set<std::u16string> attached_;  // names, folded; strand only
    bool settled_ = false;               // on the strand, and by close() after its end

    mutable Mutex mutex_;
    std::vector<std::unique_ptr<WatchNode>> nodes_ REGWATCH_GUARDED_BY(mutex_);

    std::unique_ptr<KeyWatch> names_;  // last: closed before what its looks use
};

}  // namespace regwatch
