#include "watch/monitor_set.h"

#include <new>
#include <utility>

namespace regwatch {

Subscription& Subscription::operator=(Subscription&& other) noexcept {
    if (this != &other) {
        drop();
        swap(other);
    }
    return *this;
}

void Subscription::swap(Subscription& other) noexcept {
    std::swap(set_, other.set_);
    std::swap(monitor_, other.monitor_);
    std::swap(seat_, other.seat_);
}

bool Subscription::registered() const {
    return monitor_ && monitor_->state() == KeyMonitor::State::registered;
}

bool Subscription::dead() const {
    if (!monitor_) return true;
    const auto state = monitor_->state();
    return state == KeyMonitor::State::gone || state == KeyMonitor::State::failed;
}

void Subscription::looked() noexcept {
    if (monitor_) monitor_->looked(seat_);
}

void Subscription::drop() noexcept {
    if (!monitor_) return;
    MonitorSet::Name name;
    try {
        name = MonitorSet::name(monitor_->path(), monitor_->scope());
    } catch (const std::bad_alloc&) {
        // The entry then stays, and points to nothing, until the key is watched again.
    }
    monitor_->remove(seat_);
    monitor_.reset();
    set_->forget_expired(name);
}

Result<Subscription> MonitorSet::subscribe(const KeyPath& path, Scope scope,
                                           MonitorListener& listener) {
    const Name key = name(path, scope);
    auto monitor = find(key);
    // Under Wine nobody tells a monitor that its key was deleted, so a newcomer asks.
    if (!monitor || !monitor->usable()) {
        auto fresh = KeyMonitor::open(registry_, thread_, table_, path, scope);
        if (!fresh) return std::move(fresh).error();
        monitor = enter(key, std::move(fresh).value(), monitor);
    }
    Subscription subscription;
    subscription.set_ = this;
    subscription.monitor_ = std::move(monitor);
    subscription.seat_ = subscription->add(listener);
    subscription->start();
    return subscription;
}

MonitorSet::Name MonitorSet::name(const KeyPath& path, Scope scope) {
    return static_cast<char16_t>(u'0' + static_cast<int>(scope)) + path.folded();
}

std::shared_ptr<KeyMonitor> MonitorSet::find(const Name& name) {
    const Lock lock(mutex_);
    const auto found = monitors_.find(name);
    return found == monitors_.end() ? nullptr : found->second.lock();
}

std::shared_ptr<KeyMonitor> MonitorSet::enter(const Name& name, std::shared_ptr<KeyMonitor> fresh,
                                              const std::shared_ptr<KeyMonitor>& instead_of) {
    const Lock lock(mutex_);
    auto& place = monitors_[name];
    auto present = place.lock();
    if (present && present != instead_of) return present;
    place = fresh;
    return fresh;
}

void MonitorSet::forget_expired(const Name& name) noexcept {
    const Lock lock(mutex_);
    const auto found = monitors_.find(name);
    if (found != monitors_.end() && found->second.expired()) monitors_.erase(found);
}

}  // namespace regwatch
