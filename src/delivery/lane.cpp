#include "delivery/lane.h"

#include <bit>
#include <optional>
#include <utility>

#include "change/line.h"

namespace regwatch {

Lane::Lane(std::string name, std::unique_ptr<Action> action, std::size_t limit, Journal& journal)
    : name_(std::move(name)), journal_(journal), limit_(limit), action_(std::move(action)) {}

Result<std::unique_ptr<Lane>> Lane::create(std::string name, std::unique_ptr<Action> action,
                                           std::size_t limit, Executor& executor,
                                           Journal& journal) {
    std::unique_ptr<Lane> lane(new Lane(std::move(name), std::move(action), limit, journal));
    auto strand = Strand::create(executor, [self = lane.get()] { self->turn(); });
    if (!strand) return std::move(strand).error();
    lane->strand_ = std::move(strand).value();
    return lane;
}

Lane::~Lane() { (void)stop(*Deadline::passed_already()); }

void Lane::offer(const SharedChange& change) {
    std::uint64_t refused = 0;
    std::size_t limit = 0;
    {
        const Lock lock(mutex_);
        if (queue_.size() < limit_) {
            queue_.push_back(change);
        } else {
            refused = ++dropped_;
            limit = limit_;
        }
    }
    if (refused == 0) {
        strand_->poke();
    } else if (std::has_single_bit(refused)) {
        journal_.write({EventId::queue_full,
                        {name_, std::to_string(limit), std::to_string(refused), to_line(*change)}});
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
    const SharedChange change = take(replaced);
    if (!change) return;
    deliver(*change);
    Deadline* waiting = nullptr;
    bool more = false;
    {
        const Lock lock(mutex_);
        busy_ = false;
        more = !queue_.empty();
        waiting = deadline_;
    }
    if (more) strand_->poke();
    if (waiting != nullptr) waiting->news();
}

SharedChange Lane::take(std::unique_ptr<Action>& replaced) {
    const Lock lock(mutex_);
    if (queue_.empty()) return nullptr;
    if (replacement_) replaced = std::exchange(action_, std::move(replacement_));
    SharedChange change = std::move(queue_.front());
    queue_.pop_front();
    busy_ = true;
    return change;
}

void Lane::deliver(const Change& change) {
    if (const auto failure = action_->deliver(change)) {
        journal_.write({failure->id, {name_, to_line(change), failure->reason}});
    }
}

std::uint64_t Lane::stop(Deadline& deadline) {
    {
        const Lock lock(mutex_);
        deadline_ = &deadline;
    }
    const bool done = deadline.wait([this] {
        const Lock lock(mutex_);
        return queue_.empty() && !busy_;
    });
    const std::uint64_t given_up = done ? 0 : give_up();
    strand_->close();
    const Lock lock(mutex_);
    deadline_ = nullptr;
    return given_up;
}

std::uint64_t Lane::give_up() noexcept {
    std::uint64_t count = 0;
    {
        const Lock lock(mutex_);
        count = queue_.size() + (busy_ ? 1 : 0);
        queue_.clear();
    }
    action_->cancel();
    return count;
}

std::size_t Lane::queued() const {
    const Lock lock(mutex_);
    return queue_.size() + (busy_ ? 1 : 0);
}

std::uint64_t Lane::dropped() const {
    const Lock lock(mutex_);
    return dropped_;
}

}  // namespace regwatch
