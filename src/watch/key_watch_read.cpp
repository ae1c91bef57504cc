// What is in a watched key, and what became of it since the last look.
#include <algorithm>
#include <utility>

#include "watch/key_watch.h"

namespace regwatch {

KeyWatch::Step KeyWatch::read_key() {
    begin_from_baseline();
    follow_concealing_key();
    auto read = read_now();
    if (!read) {
        share_.keep_as_before();
        if (read.error().kind == ErrorKind::gone) return lost_key();
        retry_later(read.error());
        return Step::done;
    }
    read_ = false;
    auto keys = publish(std::move(read).value());
    tell_unread();
    // Which is no difference, because it was there before.
    if (unread_.take_read_at_last()) keys = TreeParts::Keys::changed;
    settle(WatchState::watching, EventId::key_watched);
    if (plan_.scope != Scope::subtree) return Step::done;
    return parts_.adapt(*last_.state(), keys, target_) ? Step::again : Step::done;
}

// All of it, or what the signals say has changed.
Result<SharedSnapshot> KeyWatch::read_now() {
    RegistryKey& key = target_.seat->key();
    const bool is_divided = target_.seat->scope() != plan_.scope;
    const bool is_all = read_ && (!is_divided || trust_ == Trust::nothing);
    share_.begin_look(is_all);
    const ReadPlan plan{plan_.scope,
                        plan_.security,
                        trust_,
                        plan_.selection ? plan_.selection.get() : &kSelectAll,
                        &last_.key(),
                        &share_,
                        &unread_.begin_look(is_all)};
    if (is_all) {
        auto read = read_snapshot(key, plan, ports_.clock, last_.state());
        if (read) parts_.all_read();
        return read;
    }
    SharedSnapshot tree = last_.state();
    if (read_) {
        auto own = read_inner_key(key, plan, ports_.clock, tree);
        if (!own) return own;
        tree = std::move(own).value();
        parts_.verify_below(u"");
    }
    return parts_.read_due(std::move(tree), plan, ports_.clock);
}

void KeyWatch::tell_unread() {
    for (const Notice& notice : unread_.looked(ports_.clock.steady_now())) {
        ports_.journal.write(notice);
    }
    const Lock lock(mutex_);
    unread_count_ = unread_.count();
}

// What was known before anybody looked.
void KeyWatch::begin_from_baseline() {
    if (last_.has_begun()) return;
    const ConcealingKey key = client_.key();
    last_.begin(key, client_.baseline(plan_));
    // What is known takes its room before anything new does.
    if (last_.state()) share_.keep(size_of(*last_.state()));
}

// Another one comes with another state database, and late when the database could not be read at first.
void KeyWatch::follow_concealing_key() {
    if (!plan_.selection || plan_.selection->redact.empty()) return;
    if (!last_.conceal_with(client_.key())) return;
    read_ = true;
    trust_ = Trust::nothing;
}

// The differences to what an earlier run knew say nothing of how much that was.
void KeyWatch::keep_within_quota(Look& look) {
    KeptSize size = share_.held();
    if (look.is_first || trust_ == Trust::nothing) {
        size = look.now ? size_of(*look.now) : KeptSize{};
    } else {
        size += growth_of(look.differences);
    }
    share_.keep(size);
    for (const Notice& notice : share_.news()) ports_.journal.write(notice);
    look.left_out = look.now ? share_.left_out() : 0;
    const Lock lock(mutex_);
    left_out_ = look.left_out;
}

TreeParts::Keys KeyWatch::publish(SharedSnapshot now) {
    begin_from_baseline();
    Look look = last_.compare(std::move(now), detection_, ports_.clock.wall_now());
    const bool same_keys =
        !look.is_first &&
        std::all_of(look.differences.begin(), look.differences.end(),
                    [](const Difference& difference) {
                        return is_about_a_value(difference.kind) ||
                               difference.kind == DifferenceKind::security_changed;
                    });
    keep_within_quota(look);
    client_.on_look(plan_, look);
    last_.keep(look);
    return same_keys ? TreeParts::Keys::same : TreeParts::Keys::changed;
}

}  // namespace regwatch
