#include "watch/watch_set.h"

#include <utility>

#include "watch/pattern_watch.h"
#include "watch/single_watch.h"

namespace regwatch {

WatchSet::WatchSet(const Ports& ports, Sink sink)
    : ports_(ports), sink_(std::move(sink)), monitors_(ports.registry, ports.thread) {}

Result<std::unique_ptr<WatchSet>> WatchSet::create(const std::vector<WatchSettings>& watches,
                                                   const Ports& ports, Sink sink) {
    std::unique_ptr<WatchSet> set(new WatchSet(ports, std::move(sink)));
    for (const WatchSettings& watch : watches) {
        for (const KeyPath& key : watch.keys) {
            auto node = set->make_node(watch, key, FirstLook::accept);
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
                                                       FirstLook first_look) {
    const KeyWatch::Ports ports{monitors_, ports_.executor, ports_.clock, ports_.journal};
    if (path.root == Root::current_user || path.has_wildcards()) {
        return PatternWatch::create(watch, path, first_look, ports, *this);
    }
    return SingleWatch::create(watch, std::move(path), first_look, ports, *this);
}

void WatchSet::on_look(const WatchSettings& watch, const KeyPath& key, Look& look) {
    if (!look.differences.empty()) sink_(watch, key, look);
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
