#include "watch/single_watch.h"

#include <utility>

namespace regwatch {

Result<std::unique_ptr<WatchNode>> SingleWatch::create(const WatchSettings& watch, KeyPath path,
                                                       FirstLook first_look, Detection detection,
                                                       const KeyWatch::Ports& ports,
                                                       WatchOwner& owner) {
    std::unique_ptr<SingleWatch> node(new SingleWatch(watch, owner));
    const Scope scope = watch.recursive ? Scope::subtree : Scope::key;
    KeyWatchPlan plan{watch.name, std::move(path), scope, first_look, detection};
    plan.debounce = watch.debounce;
    plan.security = watch.changes.has(DifferenceKind::security_changed);
    plan.renamed = renames_told_by(watch);
    if (watch.selection != kSelectAll) {
        plan.selection = std::make_shared<const Selection>(watch.selection);
    }
    plan.quota = owner.quota(watch);
    plan.only_if_apart = watch.both_views && plan.key.view == View::bits32;
    auto key = KeyWatch::create(std::move(plan), ports, *node);
    if (!key) return std::move(key).error();
    node->key_ = std::move(key).value();
    owner.on_created();
    return std::unique_ptr<WatchNode>(std::move(node));
}

void SingleWatch::close() noexcept {
    key_->close();
    if (!std::exchange(settled_, true)) owner_.on_settled();
}

void SingleWatch::add_status(std::vector<WatchStatus>& all) const {
    KeyStatus key = key_->status();
    all.push_back({watch_.name, key_->plan().key.utf8(), key.state, std::move(key.error)});
}

void SingleWatch::release_hive(std::u16string_view sid) {
    if (is_in_hive_of(key_->plan().key, sid)) key_->release_hive();
}

std::optional<StoredBaseline> SingleWatch::baseline(const KeyWatchPlan& plan) {
    if (plan.first_look == FirstLook::report_anew) {
        writes_whole_ = true;
        return std::nullopt;
    }
    auto known = owner_.baseline(watch_, plan.key);
    // Whoever keeps it compares it later.
    if (!known) return std::nullopt;
    writes_whole_ = known->is_of_another;
    return std::move(known->stored);
}

void SingleWatch::on_settled() {
    settled_ = true;
    owner_.on_settled();
}

void SingleWatch::on_look(const KeyWatchPlan& plan, Look& look) {
    look.writes_whole = look.is_first && writes_whole_;
    owner_.on_look(watch_, plan.key, look);
}

}  // namespace regwatch
