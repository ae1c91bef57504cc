// Where a watched key is: itself, or the nearest ancestor that there is; and who tells when that changes.
#include <algorithm>
#include <optional>
#include <utility>

#include "text/fold.h"
#include "watch/key_watch.h"
#include "watch/retry_delay.h"

namespace regwatch {

// The system's own name of a key that 32-bit programs have for themselves tells it.
bool KeyWatch::is_shared(RegistryKey& key) const {
    const auto name = key.native_name();
    return name.ok() && !matches_glob(u"*\\WOW6432Node*", *name);
}

KeyWatch::Step KeyWatch::wait_for_key() {
    const Absence absence = hive_ ? why_absent() : Absence::missing;
    if (absence == Absence::over) return follow();
    const bool away = absence == Absence::hive_is_away;
    if (away) {
        last_.hive_is_away();
    } else if (!last_.by_this_run() || last_.state()) {
        (void)publish(nullptr);
    }
    if (ancestor_.gone() || above_.gone()) {
        ancestor_.seat.drop();
        above_.seat.drop();
        return follow();
    }
    if (ancestor_.failed()) {
        retry_later(ancestor_.seat->error().value_or(Error{}));
        return Step::done;
    }
    std::optional<Error> refused;
    auto nearest = nearest_ancestor(refused);
    if (!nearest) {
        retry_later(nearest.error());
        return Step::done;
    }
    const bool same = ancestor_.seat.same_monitor(*nearest);
    ancestor_.seat = std::move(nearest).value();
    // Without it the ancestor may go unseen, and the key come back below another one of its name.
    const auto above = ancestor_.seat->path().parent();
    if (!is_watched(above_, above)) {
        above_.seat.drop();
        auto found = above ? ports_.monitors.subscribe(*above, Scope::names, above_)
                           : Result<Subscription>(Subscription());
        if (!found && !refused) refused = found.error();
        if (found) above_.seat = std::move(found).value();
    }
    if (above_.failed() && !refused) refused = above_.seat->error();
    if (!ancestor_.seat.registered()) return Step::done;
    // Somebody else registered this ancestor before we took a seat: the key may have come in between.
    if (!same) return follow();
    if (refused) {
        retry_later(*refused);
        return Step::done;
    }
    settle(WatchState::waiting, away ? EventId::hive_away : EventId::key_missing);
    return Step::done;
}

// One that is refused may be there, and the key appear below it unseen from above: the one above it
// is watched only until it is granted.
Result<Subscription> KeyWatch::nearest_ancestor(std::optional<Error>& refused) {
    Error last{ErrorKind::not_found, 0, "looking for what is above the key", plan_.key.utf8(),
               "nothing is"};
    for (auto path = plan_.key.parent(); path; path = path->parent()) {
        auto found = ports_.monitors.subscribe(*path, Scope::names, ancestor_);
        if (found) return found;
        last = std::move(found).error();
        const bool is_missing = last.kind == ErrorKind::not_found || last.kind == ErrorKind::gone;
        if (!is_missing && !refused) refused = last;
    }
    return refused.value_or(last);
}

bool KeyWatch::is_watched(const MonitorSlot& slot, const std::optional<KeyPath>& path) {
    return slot.seat && path && slot.seat->path() == *path &&
           (slot.failed() || slot.seat->usable());
}

// Best effort: without it a change is found by the sweep.
void KeyWatch::watch_names(MonitorSlot& slot, const std::optional<KeyPath>& path) {
    if (is_watched(slot, path)) return;
    slot.seat.drop();
    if (!path) return;
    if (auto found = ports_.monitors.subscribe(*path, Scope::names, slot); found) {
        slot.seat = std::move(found).value();
    }
}

// Of a key that is open. True: the parent is watched since now only, and what came before was not seen.
bool KeyWatch::keep_parent() {
    const auto parent = plan_.key.parent();
    if (!parent) return false;
    if (ancestor_.failed() || ancestor_.gone()) {
        const Error error = ancestor_.seat->error().value_or(Error{});
        ancestor_.seat.drop();
        retry_parent_later(error);
        return false;
    }
    if (ancestor_.seat) {
        parent_due_.reset();
        if (!ancestor_.seat.registered()) return false;
        parent_delay_ = {};
        told_parent_ = false;
        return false;
    }
    if (parent_due_ && ports_.clock.steady_now() < *parent_due_) return false;
    auto found = ports_.monitors.subscribe(*parent, Scope::names, ancestor_);
    if (!found) {
        retry_parent_later(found.error());
        return false;
    }
    ancestor_.seat = std::move(found).value();
    parent_due_.reset();
    verify_ = true;
    return true;
}

void KeyWatch::retry_parent_later(const Error& error) {
    parent_delay_ = next_delay(parent_delay_, error.kind);
    parent_due_ = ports_.clock.steady_now() + parent_delay_;
    // What is the matter with the key itself is told of as such.
    const bool is_all = state_ == WatchState::watching && target_.seat.registered();
    if (told_parent_ || !is_all || parent_delay_ < kFirstRetry) return;
    const bool denied = error.kind == ErrorKind::denied;
    ports_.journal.write({denied ? EventId::key_denied : EventId::key_failed,
                          {plan_.watch, plan_.key.parent()->utf8(),
                           error.text() + ". Until it can be watched, the deletion of " +
                               plan_.key.utf8() + " is found within a minute."}});
    told_parent_ = true;
}

}  // namespace regwatch
