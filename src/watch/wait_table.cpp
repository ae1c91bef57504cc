#include "watch/wait_table.h"

#include "watch/key_monitor.h"

namespace regwatch {

std::uint64_t WaitTable::add(KeyMonitor& monitor) {
    const Lock lock(mutex_);
    monitors_.emplace(++last_id_, &monitor);
    return last_id_;
}

void WaitTable::remove(std::uint64_t id) noexcept {
    const Lock lock(mutex_);
    monitors_.erase(id);
}

void WaitTable::on_signal(std::uint64_t wait_id) noexcept {
    // Between this and the call the monitor cannot be destroyed: close() removes it from the table and
    // then drains the wait, which waits for this very callback.
    if (KeyMonitor* monitor = find(wait_id)) monitor->on_signal();
}

KeyMonitor* WaitTable::find(std::uint64_t id) noexcept {
    const Lock lock(mutex_);
    const auto found = monitors_.find(id);
    return found == monitors_.end() ? nullptr : found->second;
}

}  // namespace regwatch
