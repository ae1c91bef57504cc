// One open key, its registration for a signal, and the pool's wait for it, shared by all who listen.
//
// The life of a registration, on whose order everything rests:
//   register → poke the listeners → each looks (reads) → all have looked → arm the wait again
// Registering comes first, so that a change during a look leaves the event set and causes the next
// look; the wait is armed last, so that there is at most one callback under way and a storm of
// writes costs one callback a look. (The seed of this design processed before it registered again,
// and lost the change in between in 141 of 600 trials under Wine 8.)
//
// The event is born signalled: the first callback is like every later one, and also the first
// registration happens on the persistent thread.
//
//   state       meaning                                          next
//   opening     the first callback has not come yet              registered, or a failure
//   registered  a registration was made before the last poke     stays, or a failure
//   gone        the key was deleted (1018)                       none: replaced by a new monitor
//   failed      the registration was refused; error() says why   none: replaced by a new monitor
//
// Threads: on_signal() on the persistent thread; everything else on any thread but that one. The owner
// (MonitorSet) closes; a callback never does.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/sync.h"
#include "platform/persistent_thread.h"
#include "platform/registry.h"
#include "registry/key_path.h"

namespace regwatch {

class WaitTable;

// Who wants to look when a key may have changed.
class MonitorListener {
public:
    // On the persistent thread, after the registration. Must only take note and return: it may
    // neither block nor subscribe nor unsubscribe.
    virtual void on_monitor_signal() noexcept = 0;

protected:
    ~MonitorListener() = default;
};

class KeyMonitor {
public:
    enum class State { opening, registered, gone, failed };

    // Opens the key and prepares everything that could fail later; nothing is armed yet.
    static Result<std::unique_ptr<KeyMonitor>> open(Registry& registry, PersistentThread& thread,
                                                    std::shared_ptr<WaitTable> table,
                                                    const KeyPath& path, Scope scope);
    ~KeyMonitor();
    KeyMonitor(const KeyMonitor&) = delete;
    KeyMonitor& operator=(const KeyMonitor&) = delete;

    // Arms the first wait; the first callback comes at once. Later calls do nothing.
    void start() REGWATCH_EXCLUDES(mutex_);

    // A seat is poked after the next registration and after each later one. One listener may have
    // several seats.
    using SeatId = std::uint64_t;
    [[nodiscard]] SeatId add(MonitorListener& listener) REGWATCH_EXCLUDES(mutex_);
    // After this the listener is not poked any more for this seat, and no such poke is under way.
    void remove(SeatId seat) noexcept REGWATCH_EXCLUDES(mutex_);
    // The listener has done what the seat's last poke asked for. Nothing happens if it was not poked.
    void looked(SeatId seat) noexcept REGWATCH_EXCLUDES(mutex_);

    [[nodiscard]] State state() const REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] std::optional<Error> error() const REGWATCH_EXCLUDES(mutex_);

    // Whether the path still leads to this key. Not when it was deleted, or it or a key above it renamed.
    [[nodiscard]] bool still_named();
    // Alive, and still under its path: good for one more listener. Asks the system.
    [[nodiscard]] bool usable() REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] RegistryKey& key() noexcept { return *key_; }
    [[nodiscard]] const KeyPath& path() const noexcept { return path_; }
    [[nodiscard]] Scope scope() const noexcept { return scope_; }

    void on_signal() noexcept REGWATCH_EXCLUDES(mutex_);

private:
    struct Seat {
        SeatId id = 0;
        MonitorListener* listener = nullptr;
        bool owes_look = false;
    };

    KeyMonitor(PersistentThread& thread, std::shared_ptr<WaitTable> table, KeyPath path,
               Scope scope)
        : thread_(thread), table_(std::move(table)), path_(std::move(path)), scope_(scope) {}

    void close() noexcept REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] Result<void> register_again() noexcept;
    void poke_all(Result<void> registered) noexcept REGWATCH_EXCLUDES(mutex_);
    [[nodiscard]] MonitorListener* seat_to_poke(std::size_t index) REGWATCH_EXCLUDES(mutex_);
    void arm_if_all_looked() REGWATCH_REQUIRES(mutex_);

    // Fixed after construction.
    PersistentThread& thread_;
    const std::shared_ptr<WaitTable> table_;
    const KeyPath path_;
    const Scope scope_;
    std::u16string native_name_;
    std::uint64_t id_ = 0;

    mutable Mutex mutex_;
    Condition poked_;
    State state_ REGWATCH_GUARDED_BY(mutex_) = State::opening;
    std::optional<Error> error_ REGWATCH_GUARDED_BY(mutex_);
    std::vector<Seat> seats_ REGWATCH_GUARDED_BY(mutex_);  // unchanged while poking_
    SeatId last_seat_ REGWATCH_GUARDED_BY(mutex_) = 0;
    bool poking_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool started_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool armed_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool closing_ REGWATCH_GUARDED_BY(mutex_) = false;

    // Destroyed from the last to the first: the wait, then the key, whose closing signals the event,
    // then the event. An event closed under an armed wait deafens up to 62 others (Wine 8).
    std::unique_ptr<Event> event_;
    std::unique_ptr<RegistryKey> key_;
    std::unique_ptr<Wait> wait_;
};

}  // namespace regwatch
