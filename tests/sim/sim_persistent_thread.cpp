#include "sim/sim_persistent_thread.h"

#include <algorithm>
#include <utility>

namespace regwatch::sim {

SimEvent::SimEvent(SimKernel& kernel, PersistentThread::Initially state) : kernel_(kernel) {
    FakeLock lock(kernel_.mutex);
    state_.signalled = state == PersistentThread::Initially::signalled;
    ++kernel_.count.open_events;
}

void SimEvent::operator delete(SimEvent* self, std::destroying_delete_t) {
    self->close();
    self->kernel_.keep(self);
}

void SimEvent::close() {
    switch_point("close event");
    FakeLock lock(kernel_.mutex);
    if (use().armed != nullptr) violation("an event is closed while a wait is armed with it");
    if (state_.registrations != 0) violation("an event is closed before the key registered on it");
    state_.closed = true;
    --kernel_.count.open_events;
}

void SimEvent::signal() {
    switch_point("signal");
    FakeLock lock(kernel_.mutex);
    sim::signal(use());
}

bool SimEvent::take_signal(Duration bound) {
    switch_point("take signal");
    FakeLock lock(kernel_.mutex);
    state_.changed.wait_until("signal", kernel_.mutex, steady_now() + bound,
                              [this] { return state_.signalled; });
    return std::exchange(state_.signalled, false);
}

EventState& SimEvent::use() {
    if (state_.closed) violation("a destroyed event is used");
    return state_;
}

SimWait::SimWait(SimKernel& kernel, CallbackQueue& queue, const SimPersistentThread& thread,
                 std::shared_ptr<PersistentThread::Client> client, std::uint64_t wait_id)
    : kernel_(kernel), thread_(thread) {
    FakeLock lock(kernel_.mutex);
    state_.queue = &queue;
    state_.client = std::move(client);
    state_.id = wait_id;
    ++kernel_.count.open_waits;
}

void SimWait::operator delete(SimWait* self, std::destroying_delete_t) {
    self->close();
    self->kernel_.keep(self);
}

void SimWait::close() {
    switch_point("close wait");
    FakeLock lock(kernel_.mutex);
    if (state_.closed) violation("a wait is closed twice");
    if (!state_.disarmed || !state_.drained) violation("a wait is closed without disarm and drain");
    state_.closed = true;
    state_.client.reset();
    --kernel_.count.open_waits;
}

void SimWait::arm(Event& event) noexcept {
    switch_point("arm");
    FakeLock lock(kernel_.mutex);
    if (state_.closed) violation("a destroyed wait is armed");
    if (state_.disarmed) violation("a wait is armed after disarm()");
    if (state_.armed != nullptr || state_.queued) violation("a wait is armed twice");
    EventState& armed = static_cast<SimEvent&>(event).use();
    if (armed.armed != nullptr) violation("two waits are armed with one event");
    state_.armed = &armed;
    armed.armed = &state_;
    hand_over(armed);
}

void SimWait::disarm() noexcept {
    switch_point("disarm");
    FakeLock lock(kernel_.mutex);
    if (state_.closed) violation("a destroyed wait is disarmed");
    state_.disarmed = true;
    if (state_.armed != nullptr) state_.armed->armed = nullptr;
    state_.armed = nullptr;
}

void SimWait::drain() noexcept {
    blocking_switch_point("drain");
    FakeLock lock(kernel_.mutex);
    if (state_.closed) violation("a destroyed wait is drained");
    if (thread_.is_current()) violation("drain() on the persistent thread waits for itself");
    drop_queued();
    state_.queue->changed.wait("drain", kernel_.mutex,
                               [this] { return state_.queue->running != &state_; });
    state_.drained = true;
}

void SimWait::drop_queued() {
    if (!state_.queued) return;
    state_.queued = false;
    auto& waiting = state_.queue->waiting;
    const auto mine =
        std::find_if(waiting.begin(), waiting.end(),
                     [this](const Callback& callback) { return callback.wait == &state_; });
    // Wine's wait thread may have taken the signal and not yet queued the callback: neither disarm
    // nor drain sees it then.
    if (decide(kernel_.rules().late_callback, "late callback")) {
        mine->wait = nullptr;
    } else {
        waiting.erase(mine);
    }
}

SimPersistentThread::SimPersistentThread(SimKernel& kernel) : kernel_(kernel) { begin(); }

SimPersistentThread::~SimPersistentThread() {
    {
        FakeLock lock(kernel_.mutex);
        if (kernel_.count.open_waits != 0) violation("the persistent thread ends before its waits");
    }
    end();
}

void SimPersistentThread::replace() {
    end();
    begin();
}

void SimPersistentThread::begin() {
    FakeLock lock(kernel_.mutex);
    queue_.stopping = false;
    thread_ = std::make_unique<Thread>("persistent thread", [this] { run(); });
    kernel_.persistent_thread = thread_.get();
}

void SimPersistentThread::end() {
    {
        FakeLock lock(kernel_.mutex);
        queue_.stopping = true;
        queue_.changed.notify();
    }
    thread_->join();
    kernel_.signal_thread_end();
}

Result<std::unique_ptr<Event>> SimPersistentThread::create_event(Initially state) {
    switch_point("create event");
    if (const auto kind = kernel_.faults().next("create event fails")) {
        return make_error(*kind, "creating an event", "");
    }
    return std::unique_ptr<Event>(std::make_unique<SimEvent>(kernel_, state));
}

Result<std::unique_ptr<Wait>> SimPersistentThread::create_wait(std::shared_ptr<Client> client,
                                                               std::uint64_t wait_id) {
    switch_point("create wait");
    if (const auto kind = kernel_.faults().next("create wait fails")) {
        return make_error(*kind, "creating a wait", "");
    }
    return std::unique_ptr<Wait>(
        std::make_unique<SimWait>(kernel_, queue_, *this, std::move(client), wait_id));
}

void SimPersistentThread::run() {
    for (Callback callback; take(callback); callback = {}) {
        run_code_under_test([&] { callback.client->on_signal(callback.wait_id); });
    }
}

// Ends the last callback and waits for the next; false when there will be none.
bool SimPersistentThread::take(Callback& callback) {
    FakeLock lock(kernel_.mutex);
    queue_.running = nullptr;
    queue_.changed.notify();
    queue_.changed.wait("callback", kernel_.mutex,
                        [this] { return queue_.stopping || !queue_.waiting.empty(); });
    if (queue_.waiting.empty()) return false;
    callback = queue_.waiting.front();
    queue_.waiting.pop_front();
    queue_.running = callback.wait;
    if (callback.wait != nullptr) callback.wait->queued = false;
    ++kernel_.count.callbacks;
    return true;
}

}  // namespace regwatch::sim
