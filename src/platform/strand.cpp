#include "platform/strand.h"

namespace regwatch {

Result<std::unique_ptr<Strand>> Strand::create(Executor& executor, std::function<void()> turn) {
    std::unique_ptr<Strand> strand(new Strand(std::move(turn)));
    auto work = executor.create_work([self = strand.get()] { self->run(); });
    if (!work) return std::move(work).error();
    strand->work_ = std::move(work).value();
    return strand;
}

Strand::~Strand() { close(); }

void Strand::poke() noexcept {
    {
        const Lock lock(mutex_);
        if (closed_) return;
        if (state_ == State::running) state_ = State::running_again;
        if (state_ != State::idle) return;
        state_ = State::queued;
    }
    work_->submit();
}

void Strand::close() noexcept {
    const Lock lock(mutex_);
    closed_ = true;
    while (state_ == State::running || state_ == State::running_again) ended_.wait(mutex_);
}

void Strand::run() {
    if (!begin()) return;
    turn_();
    if (end()) work_->submit();
}

bool Strand::begin() {
    const Lock lock(mutex_);
    state_ = closed_ ? State::idle : State::running;
    return !closed_;
}

bool Strand::end() {
    const Lock lock(mutex_);
    const bool again = state_ == State::running_again && !closed_;
    state_ = again ? State::queued : State::idle;
    if (!again) ended_.notify_all();
    return again;
}

}  // namespace regwatch
