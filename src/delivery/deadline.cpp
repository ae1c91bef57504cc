#include "delivery/deadline.h"

#include <utility>

namespace regwatch {

Result<std::unique_ptr<Deadline>> Deadline::create(Executor& executor, Duration after) {
    std::unique_ptr<Deadline> deadline(new Deadline());
    auto timer = executor.create_timer([self = deadline.get()] {
        const Lock lock(self->mutex_);
        self->passed_ = true;
        self->changed_.notify_all();
    });
    if (!timer) return std::move(timer).error();
    deadline->timer_ = std::move(timer).value();
    deadline->timer_->set(after);
    return deadline;
}

std::unique_ptr<Deadline> Deadline::passed_already() {
    std::unique_ptr<Deadline> deadline(new Deadline());
    const Lock lock(deadline->mutex_);
    deadline->passed_ = true;
    return deadline;
}

bool Deadline::passed() const {
    const Lock lock(mutex_);
    return passed_;
}

void Deadline::news() noexcept {
    const Lock lock(mutex_);
    ++news_;
    changed_.notify_all();
}

unsigned long long Deadline::news_seen() const {
    const Lock lock(mutex_);
    return news_;
}

bool Deadline::wait_for_news(unsigned long long seen) {
    const Lock lock(mutex_);
    while (news_ == seen && !passed_) changed_.wait(mutex_);
    return !passed_;
}

}  // namespace regwatch
