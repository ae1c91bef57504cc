#include "contract/signals.h"

#include <algorithm>
#include <utility>

namespace regwatch::test {

std::uint64_t Signals::add(std::function<void()> handler) {
    const std::lock_guard lock(mutex_);
    entries_[++last_].handler = std::move(handler);
    return last_;
}

void Signals::remove(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    entries_.erase(id);
}

void Signals::on_signal(std::uint64_t id) noexcept {
    std::function<void()> handler;
    {
        const std::lock_guard lock(mutex_);
        most_at_once_ = std::max(most_at_once_, ++running_);
        const auto found = entries_.find(id);
        if (found == entries_.end()) {
            ++stray_;
        } else {
            handler = found->second.handler;
        }
    }
    if (handler) handler();
    const std::lock_guard lock(mutex_);
    --running_;
    if (const auto found = entries_.find(id); found != entries_.end()) ++found->second.count;
    changed_.notify_all();
}

bool Signals::wait_for(std::uint64_t id, int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kBound, [&] { return entries_[id].count >= count; });
}

int Signals::count(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    return entries_[id].count;
}

int Signals::most_at_once() {
    const std::lock_guard lock(mutex_);
    return most_at_once_;
}

int Signals::stray() {
    const std::lock_guard lock(mutex_);
    return stray_;
}

}  // namespace regwatch::test
