// A watched key in a user's hive, which comes and goes with its user.
#include <algorithm>
#include <optional>

#include "text/fold.h"
#include "watch/key_watch.h"

namespace regwatch {
namespace {

using namespace std::chrono_literals;

// A hive that was let go and is still there then is watched again: it stays.
constexpr Duration kHiveGrace = 30s;

}  // namespace

std::optional<KeyPath> KeyWatch::hive_of(const KeyPath& key) {
    if (key.root != Root::users || key.is_root()) return std::nullopt;
    KeyPath hive = key;
    hive.subkey.resize(std::min(hive.subkey.find(u'\\'), hive.subkey.size()));
    return hive;
}

void KeyWatch::release_hive() noexcept {
    {
        const Lock lock(mutex_);
        if (status_.state == WatchState::closed) return;
        releasing_ = true;
    }
    release_asked_ = true;
    strand_->poke();
    const Lock lock(mutex_);
    while (releasing_) released_.wait(mutex_);
}

// What has signalled is noted no more: the key is read when it is opened again.
void KeyWatch::let_go() {
    parts_.clear();
    target_.seat.drop();
    above_.seat.drop();
    ancestor_.seat.drop();
    const SteadyTime now = ports_.clock.steady_now();
    // Others who log off do not keep this hive unwatched for longer.
    if (!held_off_ || held_off_until_ <= now) held_off_until_ = now + kHiveGrace;
    held_off_ = true;
    last_.hive_is_away();
    watch_names(ancestor_, hive_->parent());
    settle(WatchState::waiting, EventId::hive_released);
    timer_->set(held_off_until_ - now);
}

void KeyWatch::end_release() noexcept {
    const Lock lock(mutex_);
    releasing_ = false;
    released_.notify_all();
}

// Asks the list of hives and not the hive: opening it would be in the way of its being unloaded.
bool KeyWatch::holds_off() {
    const Duration rest = held_off_until_ - ports_.clock.steady_now();
    held_off_ = rest > Duration::zero() && hive_is_listed();
    // A timer that was about to fire may have done so early.
    if (held_off_) timer_->set(rest);
    return held_off_;
}

bool KeyWatch::hive_is_listed() {
    // Not registered yet: its first signal will ask again.
    if (!ancestor_.seat.registered()) return true;
    const auto hives = ancestor_.seat->key().subkeys();
    if (!hives) return true;
    return std::any_of(hives->begin(), hives->end(), [&](const SubkeyName& name) {
        return equal_folded(name.name, hive_->subkey);
    });
}

// The hive is held open meanwhile, so that the answers are about one hive and not about two, between
// which it was unloaded and loaded again.
KeyWatch::Absence KeyWatch::why_absent() {
    const auto hive = ports_.monitors.open(*hive_);
    if (!hive) {
        const bool away = hive.error().kind == ErrorKind::not_found;
        return away ? Absence::hive_is_away : Absence::missing;
    }
    const auto key = ports_.monitors.open(plan_.key);
    if (key.ok() || key.error().kind != ErrorKind::not_found) return Absence::over;
    return (*hive)->info() ? Absence::missing : Absence::hive_is_away;
}

}  // namespace regwatch
