#include "platform/strand.h"

#include <exception>

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
    const auto is_busy = [this]() REGWATCH_REQUIRES(mutex_) {
        return requeueing_ != 0 || state_ == State::running || state_ == State::running_again;
    };
    const bool is_running = state_ == State::running || state_ == State::running_again;
    if (is_running && runner_ == this_thread())
        misuse("a strand is closed from within its own run");
    while (is_busy()) ended_.wait(mutex_);
}

void Strand::run() {
    if (!begin()) return;
    std::exception_ptr escaped;
    try {
        turn_();
    } catch (...) {
        escaped = std::current_exception();
    }
    if (end()) requeue();
    if (escaped) std::rethrow_exception(escaped);
}

bool Strand::begin() {
    const Lock lock(mutex_);
    state_ = closed_ ? State::idle : State::running;
    runner_ = this_thread();
    return !closed_;
}

bool Strand::end() {
    const Lock lock(mutex_);
    const bool again = state_ == State::running_again && !closed_;
    state_ = again ? State::queued : State::idle;
    if (again) ++requeueing_;
    if (!again) ended_.notify_all();
    return again;
}

void Strand::requeue() {
    work_->submit();
    const Lock lock(mutex_);
    --requeueing_;
    ended_.notify_all();
}

}  // namespace regwatch
