// One transaction after another: who writes, what is in it, and what becomes of it where it fails.
#include "state/recorder.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "change/change_size.h"

namespace regwatch {
namespace {

constexpr std::size_t kMostUnwritten = 10'000;  // changes that wait for the store in memory
constexpr std::size_t kKnownAtOnce = 64;

bool is_truncated(const std::optional<ChangeData>& data) { return data && data->truncated(); }

UlidMaker::Random random_bytes(std::random_device& random) {
    UlidMaker::Random bytes{};
    std::uniform_int_distribution<unsigned> byte(0, 255);
    for (auto& b : bytes) b = static_cast<std::uint8_t>(byte(random));
    return bytes;
}

}  // namespace

// A guess could be the number of a change that an earlier run has stored, and that is still owed.
void Recorder::number_late() {
    if (!is_confirmed_ || (!is_some_uncertain_ && early_.empty())) return;
    is_some_uncertain_ = false;
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
        if (number != late_numbers_.end()) {
            done_.delivered.push_back({early.action, number->second});
        } else if (early.sequence != 0) {
            done_.delivered.push_back({early.action, early.sequence});
        }
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

}  // namespace regwatch
