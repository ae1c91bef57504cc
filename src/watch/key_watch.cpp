#include "watch/key_watch.h"

#include <algorithm>
#include <utility>

#include "watch/retry_delay.h"

namespace regwatch {
namespace {

using namespace std::chrono_literals;

// A key that is deleted and made again while we look is followed this often before we take a breath.
constexpr int kMaxRounds = 16;
constexpr int kRoundsAfterABreath = 4;
// Catches what no notification reports: RegRestoreKey, a renamed ancestor.
constexpr Duration kSweep = 1h;

std::string reason_of(const std::exception_ptr& escaped) {
    try {
        std::rethrow_exception(escaped);
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "something that is not a std::exception";
    }
}

}  // namespace

KeyWatch::KeyWatch(KeyWatchPlan plan, const Ports& ports, Client& client)
    : plan_(std::move(plan)),
      ports_(ports),
      client_(client),
      hive_(hive_of(plan_.key)),
      parts_(plan_.key, plan_.max_keys_of_a_part, strand_, ports_.monitors),
      share_(plan_.quota) {}

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
    auto pace = ports.executor.create_timer([self] { self->strand_->poke(); });
    if (!pace) return std::move(pace).error();
    watch->pace_ = std::move(pace).value();
    return watch;
}

KeyWatch::~KeyWatch() { close(); }

void KeyWatch::start() noexcept { strand_->poke(); }

// First no more looks, so that none can open a monitor behind our back; then the monitors.
void KeyWatch::close() noexcept {
    if (strand_) strand_->close();
    timer_.reset();
    pace_.reset();
    parts_.clear();
    target_.seat.drop();
    ancestor_.seat.drop();
    above_.seat.drop();
    share_.drop();
    const Lock lock(mutex_);
    status_ = {WatchState::closed, {}};
    releasing_ = false;
    released_.notify_all();
}

KeyStatus KeyWatch::status() const {
    const Lock lock(mutex_);
    if (status_.state != WatchState::watching) return status_;
    if (left_out_ == 0) {
        if (unread_count_ == 0) return status_;
        return {WatchState::watching,
                std::to_string(unread_count_) + " keys below it cannot be read"};
    }
    return {WatchState::at_limit,
            std::to_string(left_out_) + " keys and values find no room and are not watched"};
}

void KeyWatch::turn() {
    const bool is_released = release_asked_.exchange(false);
    std::exception_ptr escaped;
    try {
        // Whoever logs off does not wait for the pace.
        is_released ? let_go() : wake_up();
    } catch (...) {
        escaped = std::current_exception();
    }
    if (is_released) end_release();
    if (escaped) recover(escaped);
}

// Whatever else has no memory now, the timer is set and the monitors may call back again.
void KeyWatch::recover(const std::exception_ptr& escaped) {
    timer_->set(kLongestRetry);
    parts_.clear();
    target_.seat.drop();
    looked();
    share_.keep_as_before();
    retry_later(
        {ErrorKind::internal, 0, "looking at the key", plan_.key.utf8(), reason_of(escaped)});
}

void KeyWatch::wake_up() {
    if (must_wait()) return;
    const SteadyTime begin = ports_.clock.steady_now();
    turn_now();
    look_pace_.looked(begin, ports_.clock.steady_now());
    if (state_ != WatchState::watching || !target_.seat.registered()) return;
    if (const auto wait = unread_.wait(ports_.clock.steady_now())) pace_->set(*wait);
}

// What has signalled stays noted, and its monitors are not armed again before the look.
bool KeyWatch::must_wait() {
    const bool gathers =
        state_ == WatchState::watching && (target_.signalled || parts_.have_signals());
    const Duration wait =
        look_pace_.wait(ports_.clock.steady_now(), gathers ? plan_.debounce : Duration::zero());
    if (wait <= Duration::zero()) return false;
    pace_->set(wait);
    return true;
}

void KeyWatch::turn_now() {
    const bool ancestor_changed = ancestor_.take_signal();
    const bool names_changed = above_.take_signal() || ancestor_changed;
    const bool target_changed = target_.take_signal();
    parts_.take_signals();
    const bool timed = timer_fired_.exchange(false);
    const bool signalled = names_changed || target_changed || parts_.want_a_look();
    detection_ = timed && !signalled ? Detection::sweep : Detection::notify;
    // A key that is renamed may signal as if it had changed.
    verify_ = signalled || timed;
    // The timer may be there for the watch on the parent alone.
    const SteadyTime planned_sweep = next_sweep_;
    const bool sweeps = timed && ports_.clock.steady_now() >= planned_sweep;
    const bool tries_again = timed && (sweeps || state_ != WatchState::watching);
    // What a look that failed was to read is still to be read, whatever wakes us first.
    read_ = read_ || target_changed || tries_again;
    if (state_ == WatchState::watching && target_.seat.registered()) {
        const SteadyTime now = ports_.clock.steady_now();
        read_ = unread_.try_again(now, target_.seat->key(), parts_) || read_;
    }
    // The sweep is there for what nothing tells of, not even a time.
    trust_ = sweeps ? Trust::nothing : Trust::times;
    if (tries_again) {
        parts_.try_again();
        ancestor_.drop_failed();
        above_.drop_failed();
        rounds_ = std::min(rounds_, kMaxRounds - kRoundsAfterABreath);
    }

    if (held_off_ && holds_off()) {
        // Nothing is open in the hive, and nothing will be.
    } else if (rounds_ < kMaxRounds) {
        // Out of breath: only the timer asks again.
        while (look() == Step::again) {
        }
    }
    // Where the key has to be found first, a signal is on its way.
    const bool needs_timer = (timed && next_sweep_ == planned_sweep) || parent_due_;
    if (needs_timer && state_ == WatchState::watching && target_.seat.registered()) set_timer();
    looked();
}

// Only now may they call back again.
void KeyWatch::looked() noexcept {
    target_.seat.looked();
    parts_.looked();
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
    if (!target_.seat.registered()) return Step::done;
    if (keep_parent()) return Step::again;
    return read_ || parts_.want_a_look() ? read_key() : Step::done;
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
    parts_.clear();
    unread_.clear();
    auto found = ports_.monitors.subscribe(plan_.key, plan_.scope, target_);
    if (!found) {
        if (found.error().kind == ErrorKind::gone) return lost_key();
        if (found.error().kind == ErrorKind::not_found) return wait_for_key();
        retry_later(found.error());
        return Step::done;
    }
    if (plan_.only_if_apart && is_shared((*found)->key())) {
        ancestor_.seat.drop();
        above_.seat.drop();
        settle(WatchState::shared, EventId::key_shared);
        return Step::done;
    }
    target_.seat = std::move(found).value();
    read_ = true;
    if (!is_watched(ancestor_, plan_.key.parent())) ancestor_.seat.drop();
    (void)keep_parent();
    above_.seat.drop();
    // If it is not registered yet, its first signal will come after the registration and wake us.
    return target_.seat.registered() ? Step::again : Step::done;
}

void KeyWatch::retry_later(const Error& error) {
    retry_delay_ = next_delay(retry_delay_, error.kind);
    timer_->set(retry_delay_);
    // One line per transition, and none for what passes within a second.
    if (told_error_ != error.kind && retry_delay_ >= kFirstRetry) {
        const bool denied = error.kind == ErrorKind::denied;
        ports_.journal.write({denied ? EventId::key_denied : EventId::key_failed,
                              {plan_.watch, plan_.key.utf8(), error.text() + "."}});
        told_error_ = error.kind;
    }
    state_ = WatchState::retrying;
    {
        const Lock lock(mutex_);
        status_ = {state_, error.text()};
    }
    tell_settled();
}

void KeyWatch::set_timer() {
    SteadyTime due = next_sweep_;
    if (state_ == WatchState::watching && parent_due_) due = std::min(due, *parent_due_);
    timer_->set(std::max<Duration>(due - ports_.clock.steady_now(), Duration::zero()));
}

void KeyWatch::settle(WatchState state, EventId notice) {
    // Looks that trust in times, however many, do not put the sweep off.
    if (state != WatchState::watching || trust_ == Trust::nothing ||
        next_sweep_ == SteadyTime::max()) {
        next_sweep_ = ports_.clock.steady_now() + kSweep;
    }
    rounds_ = 0;
    retry_delay_ = {};
    told_error_.reset();
    const WatchState before = std::exchange(state_, state);
    set_timer();
    if (before != state) {
        ports_.journal.write({notice, {plan_.watch, plan_.key.utf8()}});
        const Lock lock(mutex_);
        status_ = {state, {}};
    }
    tell_settled();
}

// Whoever starts waits for it: also when what came before it was broken off by an exception.
void KeyWatch::tell_settled() {
    if (!std::exchange(settled_, true)) client_.on_settled();
}

}  // namespace regwatch
