// A registry in memory that behaves as a chosen kernel does, for everything around it: the ports
// (sim_registry, sim_persistent_thread) on one side, the threads that change keys on the other.
//
// Any thread. Made before and destroyed after everything that stands on it. Besides answering, it
// watches over the rules of the ports; whoever breaks one fails the run:
//   - use of a destroyed key, event or wait: what is destroyed is kept, marked, until the kernel goes
//   - one registration outstanding per open key, and only on the persistent thread
//   - an event is closed after the waits and registrations that use it
//   - at the end nothing is open
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sync.h"
#include "base/time.h"
#include "registry/key_path.h"
#include "registry/snapshot.h"
#include "sim/faults.h"
#include "sim/kernel_rules.h"
#include "sim/key_tree.h"
#include "sim/threads.h"

namespace regwatch::sim {

struct KernelCounts {
    std::size_t open_keys = 0;
    std::size_t open_events = 0;
    std::size_t open_waits = 0;
    std::size_t opens = 0;          // ever
    std::size_t registrations = 0;  // ever
    std::size_t callbacks = 0;      // ever
};

class SimKernel {
public:
    explicit SimKernel(KernelRules rules) : rules_(rules) {}
    ~SimKernel();
    SimKernel(const SimKernel&) = delete;
    SimKernel& operator=(const SimKernel&) = delete;

    // Changes, for the threads that make them; each is a switch point, and the ones of several keys
    // are one for each key, as they are in life. False: there was nothing to change.
    bool create_key(const KeyPath& path);  // with the keys above it, from the top down
    bool set_value(const KeyPath& path, std::u16string_view name, const ValueData& data);
    bool delete_value(const KeyPath& path, std::u16string_view name);
    bool delete_key(const KeyPath& path);  // with everything below it, from the leaves up
    // A user's hive comes, in one step, with this key and this value in it.
    bool load_hive(const KeyPath& key, std::u16string_view name, const ValueData& data);
    // A user's hive goes with all that is in it, in one step, whoever has a key of it open.
    bool unload_hive(const KeyPath& hive);
    bool rename_key(const KeyPath& path, std::u16string_view new_leaf);
    bool deny(
        const KeyPath& path);  // by the key's own access list: to whoever opens it from now on
    bool allow(const KeyPath& path);
    // Whoever opens it from now on finds that it changes faster than it can be read.
    bool make_busy(const KeyPath& path);
    bool make_calm(const KeyPath& path);
    // SDDL; empty: may not be read any more. The key's time of writing stays as it is.
    bool set_security(const KeyPath& path, std::string sddl);
    // Replaces data without a signal and without a new time, as a restored hive can.
    bool replace_unseen(const KeyPath& path, std::u16string_view name, const ValueData& data);
    // Signals whoever is registered on the key, although nothing has changed.
    bool signal_for_nothing(const KeyPath& path);

    // Truth, for checks; not a switch point. Nothing: there is no such key.
    [[nodiscard]] std::optional<Snapshot> look(const KeyPath& path, bool recursive) const;
    // Whether somebody who has the key open has asked for a signal of it, now or earlier.
    [[nodiscard]] bool was_registered(const KeyPath& path) const;
    // The same for changes anywhere below it.
    [[nodiscard]] bool was_registered_with_subtree(const KeyPath& path) const;
    // How many keys are open at or below the path.
    [[nodiscard]] std::size_t open_at_or_below(const KeyPath& path) const;
    [[nodiscard]] KernelCounts counts() const;

    // Wall time follows the steady time, and one tick passes with every change.
    [[nodiscard]] WallTime wall_now() const;
    // Last-write times are rounded down to this: changes within it cannot be told apart by time.
    void set_time_resolution(WallTicks resolution);
    void set_wall_clock(WallTime now);

    [[nodiscard]] Faults& faults() noexcept { return faults_; }
    [[nodiscard]] const KernelRules& rules() const noexcept { return rules_; }

    // The rest is for the fakes of this folder.

    // Guards the tree and every state that notification.h names.
    mutable Mutex mutex;
    KeyTree tree REGWATCH_GUARDED_BY(mutex);
    KernelCounts count REGWATCH_GUARDED_BY(mutex);
    const Thread* persistent_thread REGWATCH_GUARDED_BY(mutex) = nullptr;

    // Takes what was destroyed; it lives, marked as closed, as long as the kernel.
    template <class T>
    void keep(T* closed) REGWATCH_EXCLUDES(mutex) {
        FakeLock lock(mutex);
        kept_.push_back({closed, [](void* object) {
                             static_cast<T*>(object)->~T();
                             ::operator delete(object);
                         }});
    }

    void notify_change(Node& node, ChangeOf change) REGWATCH_REQUIRES(mutex);
    void signal_thread_end() REGWATCH_EXCLUDES(mutex);

private:
    struct Kept {
        void* object = nullptr;
        void (*destroy)(void*) = nullptr;
    };

    void touch(Node& node) REGWATCH_REQUIRES(mutex);
    [[nodiscard]] WallTime time() const REGWATCH_REQUIRES(mutex);
    enum class Step { nothing, more, done };
    Step create_next(const KeyPath& path) REGWATCH_EXCLUDES(mutex);
    Step delete_next(const KeyPath& path) REGWATCH_EXCLUDES(mutex);
    void delete_leaf(Node& leaf) REGWATCH_REQUIRES(mutex);
    void mark_deleted(Node& node) REGWATCH_REQUIRES(mutex);
    NodePtr add_key(Node& above, const std::u16string& name) REGWATCH_REQUIRES(mutex);
    void notify_rename(Node& node) REGWATCH_REQUIRES(mutex);
    bool set_refusal(const KeyPath& path, std::optional<ErrorKind> refusal)
        REGWATCH_EXCLUDES(mutex);

    const KernelRules rules_;
    Faults faults_;
    WallTicks offset_ REGWATCH_GUARDED_BY(mutex){17'000'000'000'000'000};
    WallTicks resolution_ REGWATCH_GUARDED_BY(mutex){1};
    std::vector<Kept> kept_ REGWATCH_GUARDED_BY(mutex);
};

}  // namespace regwatch::sim
