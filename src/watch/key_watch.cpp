#include "watch/key_watch.h"

#include <algorithm>
#include <utility>

namespace regwatch {
namespace {

using namespace std::chrono_literals;

// A key that is deleted and made again while we look is followed this often before we take a breath.
constexpr int kMaxRounds = 16;
constexpr int kRoundsAfterABreath = 4;
constexpr Duration kFirstRetrySoon = 50ms;  // of what is likely to pass at once
constexpr Duration kFirstRetry = 1s;
constexpr Duration kLongestRetry = 60s;
// Catches what no notification reports: RegRestoreKey, a renamed ancestor.
constexpr Duration kSweep = 1h;

}  // namespace

void KeyWatch::Slot::on_monitor_signal() noexcept {
    signalled = true;
    owner.strand_->poke();
}

// A seat whose registration was refused is kept until the timer asks again: replacing it at once would
// fail at once, for ever.
bool KeyWatch::Slot::failed() const { return seat && seat->state() == KeyMonitor::State::failed; }

bool KeyWatch::Slot::gone() const { return seat && seat->state() == KeyMonitor::State::gone; }

void KeyWatch::Slot::drop_failed() {
    if (failed()) seat.drop();
}

KeyWatch::KeyWatch(KeyWatchPlan plan, const Ports& ports, Client& client)
    : plan_(std::move(plan)), ports_(ports), client_(client) {}

Result<std::unique_ptr<KeyWatch>> KeyWatch::create(KeyWatchPlan plan, const Ports& ports,
                                                   Client& client) {
    std::unique_ptr<KeyWatch> watch(new KeyWatch(std::move(plan), ports, client));
    KeyWatch* self = watch.get();
    auto strand = Strand::create(ports.executor, [self] { self->turn(); });
    if (!strand) return std::move(strand).error();
    watch->strand_ = std::move(strand).value();
    auto timer = ports.executor.create_timer([self] {
        self->timer_fired_ = true;
        self->strand_->poke();
    });
    if (!timer) return std::move(timer).error();
    watch->timer_ = std::move(timer).value();
    return watch;
}

KeyWatch::~KeyWatch() { close(); }

void KeyWatch::start() noexcept { strand_->poke(); }

// First no more looks, so that none can open a monitor behind our back; then the monitors.
void KeyWatch::close() noexcept {
    if (strand_) strand_->close();
    timer_.reset();
    target_.seat.drop();
    ancestor_.seat.drop();
    above_.seat.drop();
    const Lock lock(mutex_);
    status_ = {WatchState::closed, {}};
}

KeyStatus KeyWatch::status() const {
    const Lock lock(mutex_);
    return status_;
}

void KeyWatch::turn() {
    const bool ancestor_changed = ancestor_.take_signal();
    const bool names_changed = above_.take_signal() || ancestor_changed;
    const bool target_changed = target_.take_signal();
    const bool timed = timer_fired_.exchange(false);
    detection_ = timed && !names_changed && !target_changed ? Detection::sweep : Detection::notify;
    verify_ = names_changed || timed;
    read_ = target_changed || timed;
    // The sweep is there for what nothing tells of, not even a time.
    trust_ = timed && state_ == WatchState::watching ? Trust::nothing : Trust::times;
    if (timed) {
        ancestor_.drop_failed();
        above_.drop_failed();
        rounds_ = std::min(rounds_, kMaxRounds - kRoundsAfterABreath);
    }

    // Out of breath: only the timer asks again.
    if (rounds_ < kMaxRounds) {
        while (look() == Step::again) {
        }
    }
    // Only now may they call back again.
    target_.seat.looked();
    ancestor_.seat.looked();
    above_.seat.looked();
}

KeyWatch::Step KeyWatch::look() {
    if (target_.seat && target_.seat.dead()) {
        const auto error = target_.seat->error();
        if (!error || error->kind == ErrorKind::gone) return lost_key();
        target_.seat.drop();
        retry_later(*error);
        return Step::done;
    }
    if (target_.seat && std::exchange(verify_, false) && !target_.seat->still_named()) {
        target_.seat.drop();
    }
    if (!target_.seat) return find_key();
    if (!read_ || !target_.seat.registered()) return Step::done;
    return read_key();
}

// It was deleted under our hands: where is it now? Also where the system says so of a key that it opens
// again and again, this comes to an end.
KeyWatch::Step KeyWatch::lost_key() {
    target_.seat.drop();
    return follow();
}

KeyWatch::Step KeyWatch::follow() {
    if (++rounds_ < kMaxRounds) return Step::again;
    retry_later({ErrorKind::transient, 0, "following the key", plan_.key.utf8(),
                 "it is deleted and made again faster than it can be followed"});
    return Step::done;
}

KeyWatch::Step KeyWatch::find_key() {
    auto found = ports_.monitors.subscribe(plan_.key, plan_.scope, target_);
    if (!found) {
        if (found.error().kind == ErrorKind::gone) return lost_key();
        if (found.error().kind == ErrorKind::not_found) return wait_for_key();
        retry_later(found.error());
        return Step::done;
    }
    target_.seat = std::move(found).value();
    read_ = true;
    watch_names(ancestor_, plan_.key.parent());
    above_.seat.drop();
    // If it is not registered yet, its first signal will come after the registration and wake us.
    return target_.seat.registered() ? Step::again : Step::done;
}

KeyWatch::Step KeyWatch::wait_for_key() {
    if (!looked_ || last_) publish(nullptr);
    if (ancestor_.gone() || above_.gone()) {
        ancestor_.seat.drop();
        above_.seat.drop();
        return follow();
    }
    if (ancestor_.failed()) {
        retry_later(ancestor_.seat->error().value_or(Error{}));
        return Step::done;
    }
    auto nearest = nearest_ancestor();
    if (!nearest) {
        retry_later(nearest.error());
        return Step::done;
    }
    const bool same = ancestor_.seat.same_monitor(*nearest);
    ancestor_.seat = std::move(nearest).value();
    watch_names(above_, ancestor_.seat->path().parent());
    if (!ancestor_.seat.registered()) return Step::done;
    // Somebody else registered this ancestor before we took a seat: the key may have come in between.
    if (!same) return follow();
    settle(WatchState::waiting);
    return Step::done;
}

Result<Subscription> KeyWatch::nearest_ancestor() {
    Error last{ErrorKind::not_found, 0, "looking for what is above the key", plan_.key.utf8(),
               "nothing is"};
    for (auto path = plan_.key.parent(); path; path = path->parent()) {
        auto found = ports_.monitors.subscribe(*path, Scope::names, ancestor_);
        if (found) return found;
        last = std::move(found).error();
    }
    return last;
}

// Best effort: without it a change is found by the sweep.
void KeyWatch::watch_names(Slot& slot, const std::optional<KeyPath>& path) {
    if (slot.seat && path && slot.seat->path() == *path && (slot.failed() || slot.seat->usable())) {
        return;
    }
    slot.seat.drop();
    if (!path) return;
    if (auto found = ports_.monitors.subscribe(*path, Scope::names, slot); found) {
        slot.seat = std::move(found).value();
    }
}

KeyWatch::Step KeyWatch::read_key() {
    auto read = read_snapshot(target_.seat->key(), {plan_.scope, plan_.security, trust_},
                              ports_.clock, last_);
    if (!read) {
        if (read.error().kind == ErrorKind::gone) return lost_key();
        retry_later(read.error());
        return Step::done;
    }
    read_ = false;
    publish(std::move(read).value());
    settle(WatchState::watching);
    return Step::done;
}

void KeyWatch::begin_from_baseline() {
    auto stored = client_.baseline(plan_);
    if (!stored) return;
    last_ = stored->state ? std::make_shared<const Snapshot>(*std::move(stored->state)) : nullptr;
    last_look_ = stored->seen;
    known_ = true;
}

void KeyWatch::publish(SharedSnapshot now) {
    Look look;
    look.is_first = !std::exchange(looked_, true);
    if (look.is_first) begin_from_baseline();
    look.now = now;
    if (known_ || plan_.first_look == FirstLook::report) {
        look.differences = diff(last_.get(), now.get());
    }
    look.detection = look.is_first ? plan_.first_detection : detection_;
    look.at = ports_.clock.wall_now();
    look.previous = last_look_;
    client_.on_look(plan_, look);
    last_look_ = look.at;
    last_ = std::move(now);
    known_ = true;
}

void KeyWatch::retry_later(const Error& error) {
    const bool may_pass = error.kind == ErrorKind::transient;
    const Duration first = may_pass ? kFirstRetrySoon : kFirstRetry;
    retry_delay_ = std::clamp(retry_delay_ * 2, first, kLongestRetry);
    timer_->set(retry_delay_);
    // One line per transition, and none for what passes within a second.
    if (told_error_ != error.kind && retry_delay_ >= kFirstRetry) {
        const bool denied = error.kind == ErrorKind::denied;
        ports_.journal.write({denied ? EventId::key_denied : EventId::key_failed,
                              {plan_.watch, plan_.key.utf8(), error.text() + "."}});
        told_error_ = error.kind;
    }
    const bool first_time = state_ == WatchState::starting;
    state_ = WatchState::retrying;
    {
        const Lock lock(mutex_);
        status_ = {state_, error.text()};
    }
    if (first_time) client_.on_settled();
}

void KeyWatch::settle(WatchState state) {
    timer_->set(kSweep);
    rounds_ = 0;
    retry_delay_ = {};
    told_error_.reset();
    const WatchState before = std::exchange(state_, state);
    if (before == state) return;
    ports_.journal.write(
        {state == WatchState::watching ? EventId::key_watched : EventId::key_missing,
         {plan_.watch, plan_.key.utf8()}});
    {
        const Lock lock(mutex_);
        status_ = {state, {}};
    }
    if (before == WatchState::starting) client_.on_settled();
}

}  // namespace regwatch
