#include "delivery/lane.h"

#include <algorithm>
#include <bit>
#include <exception>
#include <optional>
#include <utility>

#include "change/change_size.h"
#include "change/line.h"

namespace regwatch {
namespace {

// Of kept changes: enough that reading them costs little, few enough to have in memory.
constexpr std::size_t kWindow = 500;
constexpr Duration kRetryReading = std::chrono::seconds(1);
constexpr const char* kMostBytesText = "64 MB";
static_assert(kMostBytesUnkept == std::size_t{64} << 20);

}  // namespace

Lane::Lane(std::string name, std::unique_ptr<Action> action, std::size_t limit, Journal& journal,
           OwedDeliveries* owed)
    : name_(std::move(name)),
      journal_(journal),
      owed_(owed),
      limit_(limit),
      action_(std::move(action)) {}

Result<std::unique_ptr<Lane>> Lane::create(std::string name, std::unique_ptr<Action> action,
                                           std::size_t limit, Executor& executor, Journal& journal,
                                           OwedDeliveries* owed) {
    std::unique_ptr<Lane> lane(new Lane(std::move(name), std::move(action), limit, journal, owed));
    auto strand = Strand::create(executor, [self = lane.get()] { self->turn(); });
    if (!strand) return std::move(strand).error();
    lane->strand_ = std::move(strand).value();
    if (owed == nullptr) return lane;
    auto timer = executor.create_timer([self = lane.get()] { self->strand_->poke(); });
    if (!timer) return std::move(timer).error();
    lane->timer_ = std::move(timer).value();
    return lane;
}

Lane::~Lane() { (void)stop(*Deadline::passed_already()); }

void Lane::start() {
    if (owed_ == nullptr) return;
    {
        const Lock lock(mutex_);
        behind_ = true;
    }
    strand_->poke();
}

void Lane::offer(const SharedChange& change, Kept kept) {
    std::uint64_t refused = 0;
    std::string limit;
    {
        const Lock lock(mutex_);
        if (ending_) return leave(kept);
        // Read on already, between its being written down and now.
        if (kept == Kept::yes && change->sequence <= last_queued_) return;
        const bool is_enough =
            queue_.size() >= std::min(limit_, kWindow) || bytes_ >= kMostBytesAtOnce;
        const bool is_full = queue_.size() + held_.size() >= limit_;
        if (kept == Kept::yes && (behind_ || is_enough)) {
            // In order: what is read later comes after what is queued.
            behind_ = true;
            ++left_behind_;
        } else if (is_full || !has_room_for(*change)) {
            refused = ++dropped_;
            limit = is_full ? std::to_string(limit_) : kMostBytesText;
            behind_ = owed_ != nullptr;
        } else if (behind_ && is_readable_) {
            held_.push_back(change);
            bytes_ += size_in_memory(*change);
        } else {
            put({change, kept});
            if (!behind_) last_queued_ = std::max(last_queued_, change->sequence);
        }
    }
    if (refused == 0) {
        strand_->poke();
    } else if (std::has_single_bit(refused)) {
        journal_.write(
            {EventId::queue_full, {name_, limit, std::to_string(refused), to_line(*change)}});
    }
}

void Lane::replace(std::unique_ptr<Action> action, std::size_t limit) {
    const Lock lock(mutex_);
    replacement_.swap(action);  // an earlier one that never came to act ends after the lock
    limit_ = limit;
}

// One change a turn, so that closing the strand waits for one change at the most.
void Lane::turn() {
    std::unique_ptr<Action> replaced;  // ends outside the lock
    Item item = take(replaced);
    if (!item.change) {
        read_on();
        item = take(replaced);
    }
    if (item.change) deliver(item);
    Deadline* waiting = nullptr;
    bool more = false;
    bool caught_up = false;
    {
        const Lock lock(mutex_);
        busy_ = false;
        more = !queue_.empty() || (item.change && behind_);
        caught_up = owed_ != nullptr && queue_.empty() && item.change;
        waiting = deadline_;
    }
    if (caught_up) owed_->caught_up();
    if (more) strand_->poke();
    if (waiting != nullptr) waiting->news();
}

Lane::Item Lane::take(std::unique_ptr<Action>& replaced) {
    const Lock lock(mutex_);
    if (queue_.empty() || ending_) return {};
    if (replacement_) replaced = std::exchange(action_, std::move(replacement_));
    Item item = std::move(queue_.front());
    queue_.pop_front();
    bytes_ -= size_in_memory(*item.change);
    busy_ = true;
    busy_is_kept_ = item.kept == Kept::yes;
    return item;
}

// Fills the empty queue with what is owed.
void Lane::read_on() {
    std::uint64_t seen = 0;
    std::uint64_t after = 0;
    {
        const Lock lock(mutex_);
        if (!behind_ || !queue_.empty() || ending_) return;
        seen = left_behind_;
        after = last_queued_;
    }
    auto more = owed_->owed(name_, after, kWindow);
    if (!more) timer_->set(kRetryReading);
    const Lock lock(mutex_);
    is_readable_ = more.ok();
    if (!more) {
        // Late is better than out of order, but out of order is better than never.
        while (!held_.empty()) queue_first_held();
        return;
    }
    // What was left behind while we read may be missing in what we read.
    std::size_t bytes = 0;
    for (const SharedChange& change : *more) bytes += size_in_memory(*change);
    behind_ = more->size() == kWindow || bytes >= kMostBytesAtOnce || left_behind_ != seen;
    queue_owed(std::move(*more));
}

// With those that are held and come before: they were never kept. One that was kept after all is both.
void Lane::queue_owed(std::vector<SharedChange> more) {
    for (SharedChange& change : more) {
        while (!held_.empty() && held_.front()->sequence != 0 &&
               held_.front()->sequence < change->sequence) {
            queue_first_held();
        }
        if (!held_.empty() && held_.front()->id == change->id) {
            bytes_ -= size_in_memory(*held_.front());
            held_.pop_front();
        }
        last_queued_ = change->sequence;
        put({std::move(change), Kept::yes});
    }
    if (behind_) return;
    while (!held_.empty()) {
        last_queued_ = std::max(last_queued_, held_.front()->sequence);
        queue_first_held();
    }
}

void Lane::queue_first_held() {
    queue_.push_back({std::move(held_.front()), Kept::no});
    held_.pop_front();
}

void Lane::put(Item item) {
    bytes_ += size_in_memory(*item.change);
    queue_.push_back(std::move(item));
}

// One that is larger than all may be finds room alone.
bool Lane::has_room_for(const Change& change) const {
    return bytes_ == 0 || bytes_ + size_in_memory(change) <= kMostBytesUnkept;
}

std::optional<ActionFailure> Lane::act(const Change& change) {
    try {
        return action_->deliver(change);
    } catch (const std::exception& error) {
        return ActionFailure{EventId::delivery_broke_off, std::string(error.what()) + "."};
    }
}

void Lane::deliver(const Item& item) {
    const Change& change = *item.change;
    const auto failure = act(change);
    const bool is_put_off = failure && failure->is_put_off;
    if (is_put_off) give_up();
    bool is_broken_off = false;
    {
        const Lock lock(mutex_);
        is_broken_off = failure && ending_;
    }
    if (failure && !is_put_off)
        journal_.write({failure->id, {name_, to_line(change), failure->reason}});
    // What was broken off by the stop is tried again after the next start.
    if (owed_ != nullptr && !is_broken_off) owed_->delivered(name_, change);
}

Undelivered Lane::drain(Deadline& deadline) {
    {
        const Lock lock(mutex_);
        deadline_ = &deadline;
    }
    const bool done = deadline.wait([this] {
        const Lock lock(mutex_);
        if (!queue_.empty() || !held_.empty() || busy_) return false;
        // What cannot be read stays owed, also when it can be while other lanes are still waited for.
        ending_ = !(behind_ && is_readable_);
        return ending_;
    });
    if (!done) give_up();
    const Lock lock(mutex_);
    Undelivered left = std::exchange(left_, {});
    left.owed |= behind_;  // which could not be read
    return left;
}

void Lane::close() noexcept {
    strand_->close();
    if (timer_) timer_->cancel();
    const Lock lock(mutex_);
    deadline_ = nullptr;
}

Undelivered Lane::stop(Deadline& deadline) {
    const Undelivered left = drain(deadline);
    close();
    return left;
}

void Lane::give_up() noexcept {
    {
        const Lock lock(mutex_);
        if (std::exchange(ending_, true)) return;
        left_.owed |= behind_;
        if (busy_) leave(busy_is_kept_ ? Kept::yes : Kept::no);
        for (const Item& item : queue_) leave(item.kept);
        left_.lost += held_.size();
        queue_.clear();
        held_.clear();
        bytes_ = 0;
        behind_ = false;
    }
    action_->cancel();
}

void Lane::leave(Kept kept) noexcept {
    if (kept == Kept::yes) {
        left_.owed = true;
    } else {
        ++left_.lost;
    }
}

std::size_t Lane::queued() const {
    const Lock lock(mutex_);
    return queue_.size() + held_.size() + (busy_ ? 1 : 0) + (behind_ ? 1 : 0);
}

std::uint64_t Lane::dropped() const {
    const Lock lock(mutex_);
    return dropped_;
}

}  // namespace regwatch
