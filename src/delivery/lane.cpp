#include "delivery/lane.h"

#include <bit>
#include <optional>
#include <utility>

#include "change/line.h"

namespace regwatch {

Lane::Lane(std::string name, std::unique_ptr<Action> action, std::size_t limit, Journal& journal)
    : name_(std::move(name)), action_(std::move(action)), limit_(limit), journal_(journal) {}

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
    {
        const Lock lock(mutex_);
        if (queue_.size() < limit_) {
            queue_.push_back(change);
        } else {
            refused = ++dropped_;
        }
    }
    if (refused == 0) {
        strand_->poke();
    } else if (std::has_single_bit(refused)) {
        journal_.write(
            {EventId::queue_full,
             {name_, std::to_string(limit_), std::to_string(refused), to_line(*change)}});
    }
}

// One change a turn, so that closing the strand waits for one change at the most.
void Lane::turn() {
    const SharedChange change = take();
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

SharedChange Lane::take() {
    const Lock lock(mutex_);
    if (queue_.empty()) return nullptr;
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

std::uint64_t Lane::dropped() const {
    const Lock lock(mutex_);
    return dropped_;
}

}  // namespace regwatch
