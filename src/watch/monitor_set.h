// All monitors of an engine, one per distinct key and scope, however many watches need it.
//
// Sharing is what makes ten thousand watched siblings cost one watch on their parent. A monitor lives
// as long as somebody is subscribed to it: that, and nothing else, is why it is held by shared_ptr;
// the set itself only points. One that is dead (its key gone or renamed, its registration refused) is
// never shared with a newcomer, who gets a fresh one.
// Threads: any but the persistent thread, since letting go of the last subscription drains a callback.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "base/sync.h"
#include "watch/key_monitor.h"
#include "watch/wait_table.h"

namespace regwatch {

class MonitorSet;

// A seat at a monitor; empty when default-made, moved from or dropped. One thread at a time.
class Subscription {
public:
    Subscription() = default;
    Subscription(Subscription&& other) noexcept { swap(other); }
    Subscription& operator=(Subscription&& other) noexcept;
    ~Subscription() { drop(); }

    explicit operator bool() const noexcept { return monitor_ != nullptr; }
    KeyMonitor* operator->() const noexcept { return monitor_.get(); }
    [[nodiscard]] bool same_monitor(const Subscription& other) const noexcept {
        return monitor_ == other.monitor_;
    }

    // A registration was made that is still good for a signal.
    [[nodiscard]] bool registered() const;
    // It will never signal again.
    [[nodiscard]] bool dead() const;
    void looked() noexcept;
    void drop() noexcept;  // returns when the listener is not being poked and will not be

private:
    friend class MonitorSet;
    void swap(Subscription& other) noexcept;

    MonitorSet* set_ = nullptr;
    std::shared_ptr<KeyMonitor> monitor_;
    KeyMonitor::SeatId seat_ = 0;
};

class MonitorSet {
public:
    MonitorSet(Registry& registry, PersistentThread& thread)
        : registry_(registry), thread_(thread) {}
    MonitorSet(const MonitorSet&) = delete;
    MonitorSet& operator=(const MonitorSet&) = delete;

    // On success the listener is poked after the next registration, unless the monitor is registered
    // already: then the registration counts for the newcomer from now on. not_found when the key
    // does not exist.
    Result<Subscription> subscribe(const KeyPath& path, Scope scope, MonitorListener& listener)
        REGWATCH_EXCLUDES(mutex_);

    // Without a monitor, and for a moment only.
    [[nodiscard]] Result<std::unique_ptr<RegistryKey>> open(const KeyPath& path) {
        return registry_.open(path);
    }

    [[nodiscard]] WaitTable::Registrations registrations() const noexcept {
        return table_->registrations();
    }

private:
    friend class Subscription;
    using Name = std::u16string;

    [[nodiscard]] static Name name(const KeyPath& path, Scope scope);
    [[nodiscard]] std::shared_ptr<KeyMonitor> find(const Name& name) REGWATCH_EXCLUDES(mutex_);
    // The monitor that is to be used under this name: `fresh`, or the one that somebody else entered
    // in the meantime.
    [[nodiscard]] std::shared_ptr<KeyMonitor> enter(const Name& name,
                                                    std::shared_ptr<KeyMonitor> fresh,
                                                    const std::shared_ptr<KeyMonitor>& instead_of)
        REGWATCH_EXCLUDES(mutex_);
    void forget_expired(const Name& name) noexcept REGWATCH_EXCLUDES(mutex_);

    // Fixed after construction.
    Registry& registry_;
    PersistentThread& thread_;
    const std::shared_ptr<WaitTable> table_ = std::make_shared<WaitTable>();

    Mutex mutex_;
    std::unordered_map<Name, std::weak_ptr<KeyMonitor>> monitors_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch
