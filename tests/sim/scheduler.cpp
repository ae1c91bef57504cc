#include "sim/scheduler.h"

#include <algorithm>
#include <exception>
#include <iostream>
#include <utility>

#include "sim/allocations.h"

namespace regwatch::sim {
namespace {

// Code under test reaches the scheduler through base/sync.h, whose interface has no room for one:
// hence the only variable of this kind in the project. One per OS thread, so that runs in different
// OS threads do not meet.
thread_local Scheduler* current_scheduler = nullptr;

}  // namespace

Scheduler* Scheduler::current() noexcept { return current_scheduler; }

Scheduler::~Scheduler() {
    for (auto& thread : threads_) {
        if (thread->state == State::ended) {
            fibers_.give_back(std::move(thread->fiber));
        } else {
            FiberPool::abandon(std::move(thread->fiber));
        }
    }
}

Outcome Scheduler::run(ChoiceSource& choices, std::function<void()> main) {
    choices_ = &choices;
    Scheduler* const outer = std::exchange(current_scheduler, this);
    spawn("main", std::move(main));
    root_.switch_to(*threads_[0]->fiber);
    current_scheduler = outer;
    return std::move(outcome_);
}

Scheduler::ThreadId Scheduler::spawn(std::string name, std::function<void()> body) {
    const AllocationsSpared spared;
    const ThreadId id = threads_.size();
    auto thread = std::make_unique<Thread>();
    thread->name = std::move(name);
    thread->fiber = fibers_.take();
    thread->fiber->set_body([this, id, run = std::move(body)]() -> Fiber& {  //
        return run_body(id, run);
    });
    threads_.push_back(std::move(thread));
    return id;
}

Fiber& Scheduler::run_body(ThreadId self, const std::function<void()>& body) {
    try {
        body();
    } catch (const std::exception& error) {
        threads_[self]->state = State::ended;
        return stop_with(threads_[self]->name + " ended with an exception: " + error.what());
    }
    threads_[self]->state = State::ended;
    note("ends");
    if (self == 0) {
        for (const auto& thread : threads_) {
            if (thread->state == State::ended) continue;
            return stop_with("the run is over, but " + thread->name + " was not joined");
        }
        return root_;
    }
    collect_candidates();
    if (candidates_.empty()) return stop_with(describe_deadlock());
    running_ = pick();
    return *threads_[running_]->fiber;
}

void Scheduler::join(ThreadId thread) {
    wait_until("join", [this, thread] { return threads_[thread]->state == State::ended; });
}

void Scheduler::point(const char* label) { give_way(State::ready, label); }

void Scheduler::wait_until(const char* label, Ready ready) {
    threads_[running_]->ready = std::move(ready);
    give_way(State::waiting, label);
}

bool Scheduler::wait_until(const char* label, SteadyTime due, Ready ready) {
    Thread& self = *threads_[running_];
    self.ready = ready;
    self.due = due;
    give_way(State::waiting, label);
    return !ready || ready();
}

void Scheduler::sleep_for(Duration duration) { wait_until("sleep", now_ + duration, nullptr); }

void Scheduler::settle() { give_way(State::settling, "settle"); }

std::size_t Scheduler::choose(std::size_t count, const char* label) {
    if (count < 2) return 0;
    const AllocationsSpared spared;
    const std::size_t taken = choices_->choose(count, Cost::free);
    if (options_.keep_trace) note(std::string(label) + " = " + std::to_string(taken));
    return taken;
}

void Scheduler::fail(std::string reason) {
    Fiber& self = *threads_[running_]->fiber;
    self.switch_to(stop_with(std::move(reason)));
    std::cerr << "a failed run went on\n";
    std::abort();
}

void Scheduler::give_way(State state, const char* label) {
    const ThreadId self = running_;
    threads_[self]->state = state;
    threads_[self]->label = label;
    const AllocationsSpared spared;
    if (++outcome_.steps > options_.max_steps) {
        fail("no end after " + std::to_string(options_.max_steps) + " steps");
    }
    collect_candidates();
    if (candidates_.empty()) fail(describe_deadlock());
    const ThreadId next = pick();
    if (next == self) return;
    running_ = next;
    threads_[self]->fiber->switch_to(*threads_[next]->fiber);
}

bool Scheduler::can_go_on(const Thread& thread) const {
    switch (thread.state) {
        case State::ready:
            return true;
        case State::waiting:
            return (thread.due && *thread.due <= now_) || (thread.ready && thread.ready());
        case State::settling:
        case State::ended:
            return false;
    }
    return false;
}

// The running thread first, so that answer 0 means "go on"; then the others in turn after it. If
// there are none, somebody who waits for just that; and if there are none of these, time passes.
void Scheduler::collect_candidates() {
    candidates_.clear();
    const std::size_t count = threads_.size();
    for (std::size_t i = 0; i < count; ++i) {
        const ThreadId id = (running_ + i) % count;
        if (can_go_on(*threads_[id])) candidates_.push_back(id);
    }
    if (!candidates_.empty()) {
        if (options_.timers_at_any_time) let_time_pass_early();
        return;
    }
    for (ThreadId id = 0; id < count; ++id) {
        if (threads_[id]->state == State::settling) {
            candidates_.push_back(id);
            return;
        }
    }
    add_earliest_sleepers();
}

// A choice of its own, which counts as forced: else a timer that sets itself again would make the
// search endless wherever threads have to be chosen anyhow.
void Scheduler::let_time_pass_early() {
    const auto busy = static_cast<std::ptrdiff_t>(candidates_.size());
    add_earliest_sleepers();
    const auto sleepers = candidates_.begin() + busy;
    if (sleepers == candidates_.end()) return;
    if (choices_->choose(2, Cost::forced_switch) == 1) {
        candidates_.erase(candidates_.begin(), sleepers);
    } else {
        candidates_.erase(sleepers, candidates_.end());
    }
}

void Scheduler::add_earliest_sleepers() {
    std::optional<SteadyTime> earliest;
    for (const auto& thread : threads_) {
        if (thread->state != State::waiting || !thread->due || can_go_on(*thread)) continue;
        if (!earliest || *thread->due < *earliest) earliest = thread->due;
    }
    if (!earliest) return;
    for (ThreadId id = 0; id < threads_.size(); ++id) {
        const Thread& thread = *threads_[id];
        if (thread.state == State::waiting && thread.due == earliest && !can_go_on(thread)) {
            candidates_.push_back(id);
        }
    }
}

Scheduler::ThreadId Scheduler::pick() {
    ThreadId next = candidates_.front();
    if (candidates_.size() > 1) {
        const bool could_go_on = next == running_;
        const Cost cost = could_go_on ? Cost::forced_switch : Cost::free;
        next = candidates_[choices_->choose(candidates_.size(), cost)];
    }
    Thread& thread = *threads_[next];
    // Whoever is picked before it is due makes the time pass.
    if (thread.state == State::waiting && !can_go_on(thread)) now_ = *thread.due;
    thread.state = State::ready;
    thread.due.reset();
    if (options_.keep_trace) outcome_.trace.push_back(thread.name + ": " + thread.label);
    return next;
}

// Ends the run; whoever is given the result must switch to it.
Fiber& Scheduler::stop_with(std::string reason) {
    note("FAILS: " + reason);
    outcome_.failure = std::move(reason);
    return root_;
}

std::string Scheduler::describe_deadlock() const {
    std::string text = "deadlock: nobody can go on; unfinished:";
    for (const auto& thread : threads_) {
        if (thread->state == State::ended) continue;
        text += ' ' + thread->name + " (at " + thread->label + ')';
    }
    return text;
}

void Scheduler::note(std::string_view what) {
    if (!options_.keep_trace) return;
    outcome_.trace.push_back(threads_[running_]->name + ": " + std::string(what));
}

void check(bool condition, std::string_view reason) {
    if (!Scheduler::current()->only_must_hold()) must_hold(condition, reason);
}

void must_hold(bool condition, std::string_view reason) {
    if (!condition) Scheduler::current()->fail(std::string(reason));
}

}  // namespace regwatch::sim
