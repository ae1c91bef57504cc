#include "state/recorder.h"

#include <algorithm>
#include <utility>

#include "change/change_size.h"

namespace regwatch {
namespace {

using namespace std::chrono_literals;

constexpr Duration kFirstRetry = 1s;
constexpr Duration kLongestRetry = 60s;
constexpr std::size_t kMostUnwritten = 10'000;  // changes that wait for the store in memory
constexpr std::size_t kDeliveredAtOnce = 64;
constexpr Duration kUpkeep = 10min;
constexpr std::size_t kKnownAtOnce = 64;

bool is_truncated(const std::optional<ChangeData>& data) { return data && data->truncated(); }

// What a first look finds is no news in itself, but that of a key whose coming was seen is.
bool is_look_at_the_unseen(const FoundState& found) {
    return found.is_first && found.detection != Detection::notify &&
           found.detection != Detection::sweep;
}

Extent extent_of(const FoundState& found) {
    return found.is_news ? extent_of(*found.watch, found.concealed_with) : Extent{};
}

UlidMaker::Random random_bytes(std::random_device& random) {
    UlidMaker::Random bytes{};
    std::uniform_int_distribution<unsigned> byte(0, 255);
    for (auto& b : bytes) b = static_cast<std::uint8_t>(byte(random));
    return bytes;
}

}  // namespace

Recorder::Recorder(const Ports& ports, Plan plan, Client client)
    : ports_(ports),
      client_(std::move(client)),
      left_(ports.store != nullptr ? std::make_unique<LeftBaselines>(*ports.store) : nullptr),
      plan_(std::move(plan)),
      numbers_(ports.mark) {
    if (ports.store != nullptr) return;
    const StoreOpened nothing;
    (void)numbers_.begin(&nothing);
    is_confirmed_ = true;
}

Result<std::unique_ptr<Recorder>> Recorder::create(const Ports& ports, Plan plan, Client client) {
    std::unique_ptr<Recorder> recorder(new Recorder(ports, std::move(plan), std::move(client)));
    if (ports.store == nullptr) return recorder;
    auto timer = ports.executor.create_timer([self = recorder.get()] { self->retry(); });
    if (!timer) return std::move(timer).error();
    recorder->timer_ = std::move(timer).value();
    auto upkeep = ports.executor.create_timer([self = recorder.get()] { self->keep_up(); });
    if (!upkeep) return std::move(upkeep).error();
    recorder->upkeep_ = std::move(upkeep).value();
    return recorder;
}

Recorder::~Recorder() { close(); }

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

ConcealingKey Recorder::key() const {
    const Lock lock(mutex_);
    return key_;
}

Result<std::optional<StoredBaseline>> Recorder::baseline(const WatchSettings& watch,
                                                         const KeyPath& key) {
    if (ports_.store == nullptr) return std::optional<StoredBaseline>();
    bool may_try = false;
    {
        const Lock lock(mutex_);
        may_try = may_try_;
    }
    if (may_try) {
        auto known = stored(watch, key);
        if (known) return known;
        failed(known.error());
    }
    const Lock lock(mutex_);
    uncompared_.insert({watch.name, key.folded()});
    return Error{ErrorKind::transient, 0, "reading the baseline", key.utf8(), name_of(state_)};
}

Result<std::optional<StoredBaseline>> Recorder::stored(const WatchSettings& watch,
                                                       const KeyPath& key) {
    auto own = ports_.store->baseline(watch.name, key);
    if (!own || *own) return own;
    return left_->baseline(key);
}

void Recorder::take(FoundState found) {
    compare_late(found);
    Entry entry;
    entry.found = std::move(found);
    if (entry.found.is_news) {
        entry.changes.reserve(entry.found.differences.size());
        for (const Difference& difference : entry.found.differences) {
            auto made = make_change(entry.found, difference);
            if (!made) continue;
            made->hive_owner = owner_of_hive(ports_.accounts, made->key);
            entry.changes.push_back(std::make_shared<Change>(*std::move(made)));
            entry.actions.push_back(client_.audience(*entry.found.watch, *entry.changes.back()));
        }
    }
    entry.at = ports_.clock.wall_now();
    {
        const Lock lock(mutex_);
        queue_.push_back(&entry);
    }
    work_off(&entry);
}

// The stored baseline could not be read when the key was first seen: what changed while nobody watched
// is found now, or at a later look.
void Recorder::compare_late(FoundState& found) {
    const Name name{found.watch->name, found.key->folded()};
    {
        const Lock lock(mutex_);
        if (uncompared_.empty() || uncompared_.count(name) == 0) return;
    }
    if (!compare_with_stored(found)) {
        if (is_look_at_the_unseen(found)) found.differences.clear();
        return;
    }
    const Lock lock(mutex_);
    uncompared_.erase(name);
    stale_.erase(name);
}

bool Recorder::compare_with_stored(FoundState& found) {
    Unseen unseen{};
    {
        const Lock lock(mutex_);
        if (!may_try_) return false;
        // The next look at it conceals as the store does.
        const bool is_redacted = found.is_news && !found.watch->selection.redact.empty();
        if (is_redacted && found.concealed_with != key_) return false;
        unseen = plan_.state.on_first_start;
    }
    const auto known = stored(*found.watch, *found.key);
    if (!known) {
        failed(known.error());
        return false;
    }
    if (*known) {
        const StoredBaseline& before = **known;
        found.differences =
            diff_since(before.state ? &*before.state : nullptr, before.extent, found.now.get(),
                       extent_of(found), found.concealed_with, renames_told_by(*found.watch));
        found.detection = Detection::startup;
        found.previous = before.seen;
    } else if (unseen == Unseen::report) {
        found.differences = diff(nullptr, found.now.get());
        found.detection = Detection::startup;
        found.previous = {};
    }
    return true;
}

// What it found equals what was known, but may be what is held from now on.
void Recorder::found_nothing(const WatchSettings& watch, const KeyPath& key,
                             const SharedSnapshot& now) {
    const Lock lock(mutex_);
    ++counts_.merged;
    const auto known = known_.find({watch.name, key.folded()});
    if (known != known_.end()) known->second.state = now;
}

// A guess could be the number of a change that an earlier run has stored, and that is still owed.
void Recorder::number_late() {
    if (!is_confirmed_ || !std::exchange(is_some_uncertain_, false)) return;
    for (Unwritten& one : unwritten_) {
        if (one.change->sequence <= numbers_.given_twice_up_to()) {
            auto numbered = std::make_shared<Change>(*one.change);
            numbered->sequence = numbers_.next();
            one.change = std::move(numbered);
        }
        late_numbers_.emplace(one.change->id, one.change->sequence);
    }
    for (const EarlyDelivery& early : std::exchange(early_, {})) {
        const auto number = late_numbers_.find(early.id);
        if (number != late_numbers_.end())
            done_.delivered.push_back({early.action, number->second});
    }
}

void Recorder::number(Entry& entry) {
    for (const auto& change : entry.changes) {
        change->sequence = numbers_.next();
        change->id = ids_.next(entry.at, random_bytes(random_));
        ++counts_.changes;
        if (is_truncated(change->before) || is_truncated(change->after)) ++counts_.truncated;
    }
}

// Whoever comes while somebody else writes, and has nothing to wait for, leaves it to them to go round
// once more.
void Recorder::work_off(const Entry* mine) {
    for (bool again = true; again;) {
        Turn turn;
        std::optional<ChangeNumbers::Skipped> skipped;
        {
            const Lock lock(mutex_);
            while (writing_ && mine != nullptr && !mine->is_done) changed_.wait(mutex_);
            if (mine != nullptr && mine->is_done) return;
            again_ = writing_;
            if (writing_) return;
            writing_ = true;
            skipped = begin(turn);
        }
        tell(skipped);
        write(turn);
        const Lock lock(mutex_);
        for (Entry* const entry : turn.entries) entry->is_done = true;
        writing_ = false;
        again = std::exchange(again_, false);
        mine = nullptr;
        changed_.notify_all();
    }
}

std::optional<ChangeNumbers::Skipped> Recorder::begin(Turn& turn) {
    std::optional<ChangeNumbers::Skipped> skipped;
    if (opened_) skipped = numbers_.opened(*std::exchange(opened_, std::nullopt));
    is_confirmed_ = numbers_.confirmed();
    turn.may_commit = ports_.store != nullptr && may_try_ && is_confirmed_;
    turn.entries.swap(queue_);
    number_late();
    turn.done = std::exchange(done_, {});
    turn.last_before = numbers_.last();
    for (Entry* const entry : turn.entries) number(*entry);
    counts_.last_sequence = numbers_.last();
    return skipped;
}

void Recorder::write(Turn& turn) {
    const bool is_kept = turn.may_commit && commit(turn);
    const auto kept_numbers = numbers_.keep();
    if (!is_kept && ports_.store != nullptr) {
        if (!kept_numbers) take_numbers_back(turn, kept_numbers.error());
        miss(turn);
    }
    {
        const Lock lock(mutex_);
        for (const Entry* const entry : turn.entries) remember(entry->found);
    }
    for (const Entry* const entry : turn.entries) {
        for (std::size_t i = 0; i < entry->changes.size(); ++i) {
            client_.deliver(entry->actions[i], entry->changes[i], is_kept);
        }
    }
    write_known();
}

// Nobody could tell the next run of them: better none than one that another change gets as well.
void Recorder::take_numbers_back(const Turn& turn, const Error& error) {
    bool is_any = false;
    {
        const Lock lock(mutex_);
        for (const Entry* const entry : turn.entries) {
            for (const auto& change : entry->changes) {
                change->sequence = 0;
                is_any = true;
            }
        }
        numbers_.take_back(turn.last_before);
        counts_.last_sequence = numbers_.last();
        is_any = is_any && !std::exchange(is_unnumbered_told_, true);
    }
    if (is_any) ports_.journal.write({EventId::numbers_not_kept, {error.text() + "."}});
}

bool Recorder::commit(const Turn& turn) {
    StoreBatch batch;
    {
        const Lock lock(mutex_);
        for (const Unwritten& one : unwritten_) batch.records.push_back({one.change, &one.actions});
        for (const Entry* const entry : turn.entries) {
            const FoundState& found = entry->found;
            const Name name{found.watch->name, found.key->folded()};
            // Not before it was compared with what is stored.
            if (uncompared_.count(name) == 0) {
                using Write = BaselineUpdate::Write;
                const bool is_whole = found.writes_whole || stale_.count(name) != 0;
                const Write write = is_whole                    ? Write::whole
                                    : found.differences.empty() ? Write::seen
                                                                : Write::differences;
                batch.baseline.push_back({&found.watch->name, found.key, found.at, write,
                                          found.now.get(), found.differences, extent_of(found)});
            }
            for (std::size_t i = 0; i < entry->changes.size(); ++i) {
                batch.records.push_back({entry->changes[i], &entry->actions[i]});
            }
        }
    }
    batch.delivered = turn.done.delivered;
    for (const auto& [name, count] : turn.done.left_out) batch.left_out.push_back(count);
    // An empty one, too, is a question whether the store is well again.
    if (batch.empty() && state() == StoreState::ready) return true;
    const auto committed = ports_.store->commit(batch);
    if (!committed) {
        failed(committed.error());
        return false;
    }
    if (!batch.records.empty()) numbers_.stored(batch.records.back().change->sequence);
    recovered();
    const Lock lock(mutex_);
    unwritten_.clear();
    unwritten_bytes_ = 0;
    first_missing_.clear();
    if (stale_.empty()) return true;
    for (const Entry* const entry : turn.entries) {
        stale_.erase({entry->found.watch->name, entry->found.key->folded()});
    }
    return true;
}

void Recorder::miss(Turn& turn) {
    const Lock lock(mutex_);
    done_.delivered.insert(done_.delivered.end(),
                           std::make_move_iterator(turn.done.delivered.begin()),
                           std::make_move_iterator(turn.done.delivered.end()));
    for (const auto& [name, count] : turn.done.left_out) count_left_out(count);
    for (const Entry* const entry : turn.entries) {
        stale_.insert({entry->found.watch->name, entry->found.key->folded()});
        for (std::size_t i = 0; i < entry->changes.size(); ++i) {
            const auto& change = entry->changes[i];
            const std::size_t size = size_in_memory(*change);
            const bool has_room = unwritten_.empty() || unwritten_bytes_ + size <= kMostBytesUnkept;
            if (unwritten_.size() < kMostUnwritten && has_room && first_missing_.empty()) {
                unwritten_bytes_ += size;
                unwritten_.push_back({change, entry->actions[i]});
                is_some_uncertain_ |= change->sequence == 0 || !is_confirmed_;
            } else {
                if (first_missing_.empty()) first_missing_ = change->id;
                ++missing_;
                ++counts_.missing;
            }
        }
    }
}

void Recorder::remember(const FoundState& found) {
    if (ports_.store == nullptr) return;
    Known& known = known_[{found.watch->name, found.key->folded()}];
    known.watch = found.watch->name;
    known.key = *found.key;
    known.extent = extent_of(found);
    known.seen = found.at;
    known.exists = found.now != nullptr;
    known.state = found.now;
    known.names = found.is_news ? nullptr : found.now;
}

// What is not as it is in the store, of those that are still watched.
std::vector<std::pair<Recorder::Known, SharedSnapshot>> Recorder::all_known() {
    std::vector<std::pair<Known, SharedSnapshot>> all;
    for (auto entry = known_.begin(); entry != known_.end();) {
        const auto& [name, known] = *entry;
        SharedSnapshot now = known.state.lock();
        if (known.exists && !now) {
            entry = known_.erase(entry);
            continue;
        }
        const bool is_due = is_new_store_ || stale_.count(name) != 0;
        if (is_due && uncompared_.count(name) == 0) all.emplace_back(known, std::move(now));
        ++entry;
    }
    return all;
}

// A look that finds nothing writes nothing, so that another database would not know of a key until it
// changes, and one that missed a look would take it for a change once more. By whoever writes, so that no
// look is written meanwhile; after the changes that led there.
void Recorder::write_known() {
    std::vector<std::pair<Known, SharedSnapshot>> all;
    {
        const Lock lock(mutex_);
        if (!may_try_ || !std::exchange(is_store_back_, false)) return;
        all = all_known();
        is_new_store_ = false;
    }
    for (std::size_t i = 0; i < all.size(); i += kKnownAtOnce) {
        const std::size_t end = std::min(all.size(), i + kKnownAtOnce);
        StoreBatch batch;
        for (std::size_t j = i; j < end; ++j) {
            const auto& [known, now] = all[j];
            batch.baseline.push_back({&known.watch,
                                      &known.key,
                                      known.seen,
                                      BaselineUpdate::Write::whole,
                                      now.get(),
                                      {},
                                      known.extent});
        }
        const auto committed = ports_.store->commit(batch);
        if (!committed) {
            failed(committed.error());
            const Lock lock(mutex_);
            for (const auto& one : all) stale_.insert({one.first.watch, one.first.key.folded()});
            return;
        }
        const Lock lock(mutex_);
        for (std::size_t j = i; j < end; ++j)
            stale_.erase({all[j].first.watch, all[j].first.key.folded()});
    }
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

Result<std::vector<SharedChange>> Recorder::owed(const std::string& action, std::uint64_t after,
                                                 std::size_t limit) {
    auto changes = ports_.store->pending(action, after, limit);
    if (!changes) failed_to_read(changes.error());
    return changes;
}

// Of what waits to be written, too: when it is written, it is not owed any more.
void Recorder::delivered(const std::string& action, const Change& change) {
    bool is_much = false;
    {
        const Lock lock(mutex_);
        const auto leaving = leaving_out_.find(action);
        if (leaving != leaving_out_.end()) {
            if (leaving->second.id == change.id) count_left_out(leaving->second.one);
            leaving_out_.erase(leaving);
        }
        // Ids grow as numbers do, and there may be no number.
        if (!first_missing_.empty() && change.id >= first_missing_) return;
        const auto late = late_numbers_.find(change.id);
        const bool is_late = late != late_numbers_.end();
        if (!is_late && (change.sequence == 0 || !is_confirmed_)) {
            early_.push_back({action, change.id});
            return;
        }
        done_.delivered.push_back({action, is_late ? late->second : change.sequence});
        is_much = done_.delivered.size() >= kDeliveredAtOnce && may_try_;
    }
    if (is_much) work_off(nullptr);
}

void Recorder::write_delivered() {
    {
        const Lock lock(mutex_);
        if ((done_.delivered.empty() && done_.left_out.empty()) || !may_try_) return;
    }
    work_off(nullptr);
}

void Recorder::left_out(const std::string& action, const Change& change, LeftOut why) {
    if (ports_.store == nullptr) return;
    const WallTime now = ports_.clock.wall_now();
    const Lock lock(mutex_);
    leaving_out_.insert_or_assign(action,
                                  LeavingOut{change.id, {action, change.watch, why, 1, now, now}});
}

void Recorder::told_left_out(const std::string& action, const std::string& watch, LeftOut why,
                             std::uint64_t count) {
    if (ports_.store == nullptr) return;
    const WallTime now = ports_.clock.wall_now();
    {
        const Lock lock(mutex_);
        count_left_out({action, watch, why, -static_cast<std::int64_t>(count), now, now});
    }
    write_delivered();
}

void Recorder::count_left_out(const LeftOutCount& count) {
    const auto [place, is_new] =
        done_.left_out.try_emplace({count.action, count.watch, count.why}, count);
    if (is_new) return;
    LeftOutCount& sum = place->second;
    sum.since = std::min(sum.since, count.since);
    sum.last = std::max(sum.last, count.last);
    sum.count += count.count;
    if (sum.count == 0) done_.left_out.erase(place);
}

RecordCounts Recorder::counts() const {
    const Lock lock(mutex_);
    return counts_;
}

StoreState Recorder::state() const {
    const Lock lock(mutex_);
    return state_;
}

}  // namespace regwatch
