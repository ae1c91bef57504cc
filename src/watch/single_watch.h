// The node of a path without wildcards: one KeyWatch, whose looks it passes on. Threads as WatchNode.
#pragma once

#include <memory>

#include "watch/watch_node.h"

namespace regwatch {

class SingleWatch final : public WatchNode, private KeyWatch::Client {
public:
    static Result<std::unique_ptr<WatchNode>> create(const WatchSettings& watch, KeyPath path,
                                                     FirstLook first_look, Detection detection,
                                                     const KeyWatch::Ports& ports,
                                                     WatchOwner& owner);

    void start() override { key_->start(); }
    void close() noexcept override;
    void add_status(std::vector<WatchStatus>& all) const override;
    void release_hive(std::u16string_view sid) override;
    [[nodiscard]] bool is_gone() const override {
        return key_->status().state == WatchState::waiting;
    }

private:
    SingleWatch(const WatchSettings& watch, WatchOwner& owner) : watch_(watch), owner_(owner) {}
    std::optional<StoredBaseline> baseline(const KeyWatchPlan& plan) override;
    [[nodiscard]] ConcealingKey key() override { return owner_.key(); }
    void on_look(const KeyWatchPlan& plan, Look& look) override;
    void on_settled() override;

    const WatchSettings& watch_;
    WatchOwner& owner_;
    bool settled_ = false;           // on the strand, and by close() after its end
    bool writes_whole_ = false;      // the first look; strand only
    std::unique_ptr<KeyWatch> key_;  // last: closed before what it calls
};

}  // namespace regwatch
