// How the store is: opened, in trouble and well again, and what is done in it now and then.
#include "state/recorder.h"

#include <algorithm>
#include <utility>

namespace regwatch {
namespace {

using namespace std::chrono_literals;

constexpr Duration kFirstRetry = 1s;
constexpr Duration kLongestRetry = 60s;
constexpr Duration kUpkeep = 10min;

}  // namespace

void Recorder::set_plan(Plan plan) {
    {
        const Lock lock(mutex_);
        std::swap(plan_, plan);
        is_new_plan_ = true;
    }
    if (upkeep_) set_timer(*upkeep_, Duration::zero());
}

void Recorder::set_watches(std::set<std::string> names) {
    bool is_open = false;
    {
        const Lock lock(mutex_);
        std::swap(watches_, names);
        is_open = is_open_ && may_try_;
    }
    if (!is_open) return;
    if (const auto found = find_left(); !found) failed_to_read(found.error());
}

Result<void> Recorder::find_left() {
    const SteadyTime now = ports_.clock.steady_now();
    std::set<std::string> watches;
    {
        const Lock lock(mutex_);
        is_open_ = true;
        watches = watches_;
        left_due_ = now + kUpkeep;
    }
    return left_->find(watches);
}

void Recorder::forget_left(WallTime oldest) {
    const SteadyTime now = ports_.clock.steady_now();
    {
        const Lock lock(mutex_);
        if (!may_try_ || now < left_due_) return;
    }
    if (const auto forgotten = left_->forget(oldest); !forgotten) failed(forgotten.error());
}

void Recorder::open() {
    if (ports_.store == nullptr) return;
    last_beat_ = ports_.clock.steady_now();
    next_retention_ = last_beat_ + kUpkeep;
    Duration heartbeat{};
    {
        const Lock lock(mutex_);
        heartbeat = plan_.state.heartbeat;
    }
    auto opened = ports_.store->open();
    // That of another service is none of our business.
    const bool is_ours = opened || ports_.store->state() != StoreState::in_use;
    const auto skipped = is_ours ? numbers_.begin(opened ? &*opened : nullptr) : std::nullopt;
    {
        const Lock lock(mutex_);
        counts_.last_sequence = numbers_.last();
        is_confirmed_ = numbers_.confirmed();
        if (opened && opened->key) key_ = *opened->key;
    }
    if (opened) {
        tell(*opened);
        tell(skipped);
        if (const auto found = find_left(); !found) failed(found.error());
        write_delivered();
        retain();
    } else {
        failed(opened.error());
    }
    // Last: from here on its task runs.
    set_timer(*upkeep_, std::min(kUpkeep, heartbeat));
}

void Recorder::close() noexcept {
    if (ports_.store == nullptr || upkeep_ == nullptr) return;
    bool is_confirmed = false;
    {
        const Lock lock(mutex_);
        is_closed_ = true;
        may_try_ = true;
        is_confirmed = is_confirmed_;
    }
    // They end with us: a task that runs now sets its own timer.
    timer_->cancel();
    upkeep_->cancel();
    if (!is_confirmed) {
        auto opened = ports_.store->open();
        if (!opened) return;
        tell(*opened);
        const Lock lock(mutex_);
        opened_ = std::move(opened).value();
    }
    work_off(nullptr);
}

void Recorder::set_timer(Timer& timer, Duration delay) {
    if (!is_closed()) timer.set(delay);
}

bool Recorder::is_closed() const {
    const Lock lock(mutex_);
    return is_closed_;
}

void Recorder::retry() {
    if (is_closed()) return;
    auto opened = ports_.store->open();
    if (!opened) {
        failed(opened.error());
        return;
    }
    tell(*opened);
    if (const auto found = find_left(); !found) {
        failed(found.error());
        return;
    }
    {
        const Lock lock(mutex_);
        opened_ = *opened;
        if (opened->key) key_ = *opened->key;
        may_try_ = true;
        is_store_back_ = true;
        is_new_store_ |= opened->is_new;
        // There is nothing to compare with.
        if (opened->is_new && plan_.state.on_first_start == Unseen::accept) uncompared_.clear();
    }
    work_off(nullptr);
}

void Recorder::failed(const Error& error) {
    StoreState state = ports_.store->state();
    // Somebody else had more luck meanwhile.
    if (state == StoreState::ready) state = StoreState::failed;
    bool is_new = false;
    Duration delay{};
    {
        const Lock lock(mutex_);
        is_new = state_ != state;
        state_ = state;
        may_try_ = false;
        delay_ = std::clamp(delay_ * 2, kFirstRetry, kLongestRetry);
        // A damaged one is replaced at once.
        delay = is_new && state == StoreState::damaged ? Duration(1ms) : delay_;
    }
    set_timer(*timer_, delay);
    if (is_new) {
        ports_.journal.write({EventId::state_not_kept, {name_of(state), error.text() + "."}});
    }
}

void Recorder::failed_to_read(const Error& error) {
    {
        const Lock lock(mutex_);
        if (!may_try_) return;
    }
    failed(error);
}

void Recorder::recovered() {
    std::uint64_t missing = 0;
    {
        const Lock lock(mutex_);
        if (state_ == StoreState::ready) return;
        state_ = StoreState::ready;
        delay_ = {};
        is_unnumbered_told_ = false;
        missing = std::exchange(missing_, 0);
    }
    ports_.journal.write({EventId::state_kept_again, {std::to_string(missing)}});
}

void Recorder::tell(const StoreOpened& opened) {
    if (!opened.moved_aside.empty()) {
        ports_.journal.write({EventId::state_damaged, {opened.damage, opened.moved_aside}});
    } else if (opened.is_new) {
        ports_.journal.write({EventId::state_begun, {}});
    }
    {
        // What is there later is of this run, whose actions tell it.
        const Lock lock(mutex_);
        if (std::exchange(is_past_told_, true)) return;
        for (LeftOutCount told : opened.left_out) {
            told.count = -told.count;
            count_left_out(told);
        }
    }
    if (!opened.left_out.empty()) client_.tell_left_out(opened.left_out);
}

void Recorder::tell(const std::optional<ChangeNumbers::Skipped>& skipped) {
    if (!skipped) return;
    ports_.journal.write({EventId::numbers_skipped,
                          {std::to_string(skipped->up_to + 1), std::to_string(skipped->after)}});
}

void Recorder::keep_up() {
    if (is_closed()) return;
    const SteadyTime now = ports_.clock.steady_now();
    Duration heartbeat{};
    bool is_new = false;
    {
        const Lock lock(mutex_);
        heartbeat = plan_.state.heartbeat;
        is_new = std::exchange(is_new_plan_, false);
    }
    if (is_new || now >= next_retention_) {
        next_retention_ = now + kUpkeep;
        retain();
    }
    if (now >= last_beat_ + heartbeat) {
        last_beat_ = now;
        beat();
    }
    set_timer(*upkeep_, std::min(next_retention_, last_beat_ + heartbeat) - now);
    {
        const Lock lock(mutex_);
        is_new = is_new_plan_;
    }
    // It came meanwhile, and what it set the timer to is undone.
    if (is_new) set_timer(*upkeep_, Duration::zero());
}

void Recorder::retain() {
    const WallTime now = ports_.clock.wall_now();
    Retention retention;
    {
        const Lock lock(mutex_);
        if (!may_try_) return;
        const StateSettings& state = plan_.state;
        retention.oldest_change = now - std::chrono::duration_cast<WallTicks>(state.history_age);
        retention.most_changes = state.history_count;
        retention.oldest_delivery = now - std::chrono::duration_cast<WallTicks>(state.pending_age);
        retention.most_deliveries = state.pending_count;
        retention.actions = plan_.actions;
    }
    const auto lost = ports_.store->retain(retention);
    if (!lost) {
        failed(lost.error());
        return;
    }
    for (const LostDeliveries& of : *lost) {
        ports_.journal.write(
            {EventId::deliveries_lost, {of.action, std::to_string(of.count), of.reason}});
        const Lock lock(mutex_);
        counts_.lost += of.count;
    }
    forget_left(retention.oldest_change);
}

void Recorder::beat() {
    const RecordCounts now = counts();
    const auto stored = ports_.store->counts();
    if (!stored) failed_to_read(stored.error());
    const std::string owed = stored ? std::to_string(stored->pending) : "unknown";
    const std::string keys = stored ? std::to_string(stored->keys) : "unknown";
    ports_.journal.write({EventId::heartbeat,
                          {std::to_string(now.changes), std::to_string(now.last_sequence), keys,
                           owed, name_of(state()), std::to_string(now.merged),
                           std::to_string(now.truncated), std::to_string(client_.dropped()),
                           std::to_string(now.lost), std::to_string(now.missing)}});
}

}  // namespace regwatch
