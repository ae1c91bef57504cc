// What a WatchSet is made of: a node per key path of the config, either one key or one pattern.
//
// Nodes are made and closed by their owner (the set, or the pattern that found the key) and report to
// the set through WatchOwner, on pool threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "settings/settings.h"
#include "watch/key_watch.h"

namespace regwatch {

class WatchNode {
public:
    virtual ~WatchNode() = default;
    virtual void start() = 0;
    virtual void close() noexcept = 0;
    virtual void add_status(std::vector<WatchStatus>& all) const = 0;
};

class WatchOwner {
public:
    [[nodiscard]] virtual Result<std::unique_ptr<WatchNode>> make_node(const WatchSettings& watch,
                                                                       KeyPath path,
                                                                       FirstLook first_look,
                                                                       Detection detection) = 0;
    // As LookKeeper has them.
    virtual std::optional<StoredBaseline> baseline(const WatchSettings& watch,
                                                   const KeyPath& key) = 0;
    virtual void on_look(const WatchSettings& watch, const KeyPath& key, Look& look) = 0;
    virtual void on_names(const WatchSettings& watch, const KeyPath& pattern, Look& look) = 0;
    // For each node: when it is made, and when it is known where its key stands, or it was closed
    // before that.
    virtual void on_created() = 0;
    virtual void on_settled() = 0;
    // A key that a pattern found, but that cannot be watched for want of memory.
    virtual void on_not_created(const WatchSettings& watch, const KeyPath& key,
                                const Error& error) = 0;

protected:
    ~WatchOwner() = default;
};

}  // namespace regwatch
