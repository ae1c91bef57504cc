#include "watch/key_monitor.h"

#include <algorithm>
#include <utility>

#include "watch/wait_table.h"

namespace regwatch {

Result<std::unique_ptr<KeyMonitor>> KeyMonitor::open(Registry& registry, PersistentThread& thread,
                                                     std::shared_ptr<WaitTable> table,
                                                     const KeyPath& path, Scope scope) {
    auto key = registry.open(path);
    if (!key) return std::move(key).error();
    auto name = (*key)->native_name();
    if (!name) return std::move(name).error();
    auto event = thread.create_event(PersistentThread::Initially::signalled);
    if (!event) return std::move(event).error();

    std::unique_ptr<KeyMonitor> monitor(new KeyMonitor(thread, table, path, scope));
    monitor->native_name_ = std::move(name).value();
    monitor->event_ = std::move(event).value();
    monitor->key_ = std::move(key).value();
    monitor->id_ = table->add(*monitor);
    auto wait = thread.create_wait(std::move(table), monitor->id_);
    if (!wait) return std::move(wait).error();
    monitor->wait_ = std::move(wait).value();
    return monitor;
}

KeyMonitor::~KeyMonitor() { close(); }

void KeyMonitor::close() noexcept {
    {
        const Lock lock(mutex_);
        closing_ = true;
        if (wait_) wait_->disarm();
    }
    table_->remove(id_);
    if (wait_) wait_->drain();
}

void KeyMonitor::start() {
    const Lock lock(mutex_);
    if (started_) return;
    started_ = true;
    armed_ = true;
    wait_->arm(*event_);
}

void KeyMonitor::on_signal() noexcept {
    {
        const Lock lock(mutex_);
        armed_ = false;
        if (closing_) return;
    }
    // No lock is held here, and none is needed: close() drains this callback before it lets go of the
    // key, the event or the wait.
    poke_all(register_again());
}

// What is thrown for want of memory is a registration that failed: the thread is everybody's.
Result<void> KeyMonitor::register_again() noexcept try {
    const bool on_the_thread = thread_.is_current();
    table_->count_registration(on_the_thread);
    if (!on_the_thread) {
        return Error{ErrorKind::internal, 0, "asking for a signal on the key", path_.utf8(),
                     "this is not the persistent thread"};
    }
    return key_->request_signal(*event_, scope_);
} catch (...) {
    return Error{ErrorKind::transient, 0, "registering", {}, "no memory"};
}

void KeyMonitor::poke_all(Result<void> registered) noexcept {
    {
        const Lock lock(mutex_);
        state_ = State::registered;
        if (!registered) {
            state_ = registered.error().kind == ErrorKind::gone ? State::gone : State::failed;
            error_ = std::move(registered).error();
        }
        poking_ = true;
    }
    for (std::size_t i = 0; MonitorListener* listener = seat_to_poke(i); ++i) {
        listener->on_monitor_signal();
    }
    const Lock lock(mutex_);
    poking_ = false;
    poked_.notify_all();
    arm_if_all_looked();
}

MonitorListener* KeyMonitor::seat_to_poke(std::size_t index) {
    const Lock lock(mutex_);
    if (index >= seats_.size()) return nullptr;
    seats_[index].owes_look = true;
    return seats_[index].listener;
}

KeyMonitor::SeatId KeyMonitor::add(MonitorListener& listener) {
    const Lock lock(mutex_);
    while (poking_) poked_.wait(mutex_);
    seats_.push_back({++last_seat_, &listener, false});
    return last_seat_;
}

void KeyMonitor::remove(SeatId seat) noexcept {
    const Lock lock(mutex_);
    while (poking_) poked_.wait(mutex_);
    std::erase_if(seats_, [&](const Seat& s) { return s.id == seat; });
    arm_if_all_looked();
}

void KeyMonitor::looked(SeatId seat) noexcept {
    const Lock lock(mutex_);
    const auto found =
        std::find_if(seats_.begin(), seats_.end(), [&](const Seat& s) { return s.id == seat; });
    if (found == seats_.end() || !found->owes_look) return;
    found->owes_look = false;
    arm_if_all_looked();
}

// The one place where a lock is held over a port call: "closing" must be read and the wait armed as
// one step, or a callback that is running could arm it behind close()'s drain and be called back after
// the end. Arming neither blocks nor calls back.
void KeyMonitor::arm_if_all_looked() {
    if (closing_ || poking_ || armed_ || state_ != State::registered) return;
    if (std::any_of(seats_.begin(), seats_.end(), [](const Seat& s) { return s.owes_look; }))
        return;
    armed_ = true;
    wait_->arm(*event_);
}

KeyMonitor::State KeyMonitor::state() const {
    const Lock lock(mutex_);
    return state_;
}

std::optional<Error> KeyMonitor::error() const {
    const Lock lock(mutex_);
    return error_;
}

bool KeyMonitor::usable() {
    const State now = state();
    return now != State::gone && now != State::failed && still_named();
}

bool KeyMonitor::still_named() {
    const auto name = key_->native_name();
    return name.ok() && *name == native_name_;
}

}  // namespace regwatch
