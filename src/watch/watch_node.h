// What a WatchSet is made of: a node per key path of the config, either one key or one pattern.
//
// Nodes are made and closed by their owner (the set, or the pattern that found the key) and report to
// the set through WatchOwner, on pool threads.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "settings/settings.h"
#include "text/fold.h"
#include "watch/key_watch.h"
#include "watch/pattern_budget.h"
#include "watch/quota.h"

namespace regwatch {

// The hive of this user or its companion; with an empty sid, that of any user.
[[nodiscard]] inline bool is_in_hive_of(const KeyPath& key, std::u16string_view sid) {
    if (key.root != Root::users || key.is_root()) return false;
    const std::u16string_view hive =
        std::u16string_view(key.subkey).substr(0, key.subkey.find(u'\\'));
    return sid.empty() || equal_folded(hive, sid) ||
           equal_folded(hive, std::u16string(sid) + u"_Classes");
}

class WatchNode {
public:
    virtual ~WatchNode() = default;
    virtual void start() = 0;
    virtual void close() noexcept = 0;
    virtual void add_status(std::vector<WatchStatus>& all) const = 0;
    // Returns when nothing is open any more in the hives of this user; empty: of every user. Not
    // from within a look.
    virtual void release_hive(std::u16string_view sid) = 0;
    // Its key, or what it looks for keys in, does not exist now; nothing would be lost with it.
    [[nodiscard]] virtual bool is_gone() const = 0;
    // Whoever made a pattern for the config asks once all is settled, and says so.
    [[nodiscard]] virtual bool is_without_match() const { return false; }
};

// A key, or a pattern: which of the two is decided behind the components that are names (KeyPattern).
struct FoundPath {
    KeyPath path;
    std::size_t literal = 0;
};

// What an earlier run knew of a key.
struct KnownBefore {
    std::optional<StoredBaseline> stored;  // nothing: it did not know it
    bool is_of_another = false;            // of the key that had its place then
};

class WatchOwner {
public:
    // `budget` is that of the pattern that found the path, or that it is; null for a key of the config.
    [[nodiscard]] virtual Result<std::unique_ptr<WatchNode>> make_node(
        const WatchSettings& watch, FoundPath found, FirstLook first_look, Detection detection,
        std::shared_ptr<PatternBudget> budget) = 0;
    // As LookKeeper has them.
    virtual Result<KnownBefore> baseline(const WatchSettings& watch, const KeyPath& key) = 0;
    [[nodiscard]] virtual ConcealingKey key() const = 0;
    // All keys of a watch share one.
    [[nodiscard]] virtual std::shared_ptr<Quota> quota(const WatchSettings& watch) = 0;
    virtual void on_look(const WatchSettings& watch, const KeyPath& key, Look& look) = 0;
    virtual void on_names(const WatchSettings& watch, const KeyPath& pattern, Look& look) = 0;
    // A path that a pattern has just found, before its node starts, where it is news that it is there: by then
    // the names may be kept that say that it is.
    virtual void on_newcomer(const WatchSettings& watch, const FoundPath& found) = 0;
    // For each node: when it is made, and when it is known where its key stands, or it was closed
    // before that.
    virtual void on_created() = 0;
    virtual void on_settled() = 0;
    // A key that a pattern found, but that cannot be watched for want of memory.
    virtual void on_not_created(const WatchSettings& watch, const KeyPath& key,
                                const Error& error) = 0;
    // A pattern that fits more keys than it may have: told once.
    virtual void on_pattern_full(const WatchSettings& watch, const PatternBudget& budget,
                                 const KeyPath& first_left_out) = 0;

protected:
    ~WatchOwner() = default;
};

}  // namespace regwatch
