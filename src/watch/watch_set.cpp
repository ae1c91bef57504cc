#include "watch/watch_set.h"

#include <utility>

#include "watch/pattern_watch.h"
#include "watch/single_watch.h"

namespace regwatch {

WatchSet::WatchSet(const Ports& ports, LookKeeper& keeper)
    : ports_(ports), keeper_(keeper), monitors_(ports.registry, ports.thread) {}

Result<std::unique_ptr<WatchSet>> WatchSet::create(const std::vector<WatchSettings>& watches,
                                                   const Ports& ports, LookKeeper& keeper,
                                                   Begin begin) {
    std::unique_ptr<WatchSet> set(new WatchSet(ports, keeper));
    for (const WatchSettings& watch : watches) {
        for (const KeyPath& key : watch.keys) {
            auto node = set->make_node(watch, key, begin.first_look, begin.detection);
            if (!node) return std::move(node).error();
            set->nodes_.push_back(std::move(node).value());
        }
    }
    return set;
}

WatchSet::~WatchSet() { close(); }

void WatchSet::start() {
    for (const auto& node : nodes_) node->start();
}

void WatchSet::wait_until_settled() {
    const Lock lock(mutex_);
    while (unsettled_ > 0 && !closing_) changed_.wait(mutex_);
}

void WatchSet::close() noexcept {
    {
        const Lock lock(mutex_);
        closing_ = true;
        changed_.notify_all();
    }
    for (const auto& node : nodes_) node->close();
}

std::vector<WatchStatus> WatchSet::status() const {
    std::vector<WatchStatus> all;
    for (const auto& node : nodes_) node->add_status(all);
    return all;
}

Result<std::unique_ptr<WatchNode>> WatchSet::make_node(const WatchSettings& watch, KeyPath path,
                                                       FirstLook first_look, Detection detection) {
    const KeyWatch::Ports ports{monitors_, ports_.executor, ports_.clock, ports_.journal};
    if (path.root == Root::current_user || path.has_wildcards()) {
        return PatternWatch::create(watch, path, first_look, detection, ports, *this);
    }
    return SingleWatch::create(watch, std::move(path), first_look, detection, ports, *this);
}

void WatchSet::on_look(const WatchSettings& watch, const KeyPath& key, Look& look) {
    // The first is the baseline; a sweep says that the key is still as it was.
    const bool is_worth_keeping = look.is_first || look.detection == Detection::sweep;
    if (is_worth_keeping || !look.differences.empty()) keeper_.take(watch, key, look);
}

std::optional<StoredBaseline> WatchSet::baseline(const WatchSettings& watch, const KeyPath& key) {
    return keeper_.baseline(watch, key);
}

void WatchSet::on_names(const WatchSettings& watch, const KeyPath& pattern, Look& look) {
    if (look.is_first || !look.differences.empty()) keeper_.take_names(watch, pattern, look);
}

void WatchSet::on_created() {
    const Lock lock(mutex_);
    ++unsettled_;
}

void WatchSet::on_settled() {
    const Lock lock(mutex_);
    --unsettled_;
    if (unsettled_ == 0) changed_.notify_all();
}

void WatchSet::on_not_created(const WatchSettings& watch, const KeyPath& key, const Error& error) {
    ports_.journal.write({EventId::key_failed, {watch.name, key.utf8(), error.text() + "."}});
}

}  // namespace regwatch
