// The registrations of a simulated kernel: who is signalled by what, and what a signal sets off.
//
// Per open key: {the first scope asked for, the event of the outstanding registration, whether a
// change came while there was none}. Everything here is guarded by the kernel's mutex; nothing
// calls back: what is due to the persistent thread is put in its queue.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "platform/persistent_thread.h"
#include "platform/registry.h"
#include "sim/kernel_rules.h"
#include "sim/threads.h"

namespace regwatch::sim {

struct WaitState;

struct EventState {
    bool signalled = false;
    bool closed = false;
    WaitState* armed = nullptr;
    int registrations = 0;
    Signal changed;  // for whoever waits without a wait: tests
};

struct Callback {
    std::shared_ptr<PersistentThread::Client> client;
    std::uint64_t wait_id = 0;
    WaitState* wait = nullptr;  // null: it has slipped past drain()
};

struct CallbackQueue {
    std::deque<Callback> waiting;
    WaitState* running = nullptr;
    bool stopping = false;
    Signal changed;
};

struct WaitState {
    CallbackQueue* queue = nullptr;
    std::shared_ptr<PersistentThread::Client> client;
    std::uint64_t id = 0;
    EventState* armed = nullptr;
    bool queued = false;
    bool disarmed = false;
    bool drained = false;
    bool closed = false;
};

struct Registration {
    std::optional<Scope> scope;   // sticky: of the first call
    EventState* event = nullptr;  // of the outstanding one
    bool interim_change = false;
};

enum class ChangeOf { names, values };

// By the rule; where it is open, by the explorer.
[[nodiscard]] bool decide(Behaviour behaviour, const char* what);

void signal(EventState& event);
// An armed wait takes the signal and queues its callback.
void hand_over(EventState& event);

void register_event(Registration& registration, EventState& event, Scope scope,
                    const KernelRules& rules);
// Signals the outstanding one; a registration is used up by its signal.
void fire(Registration& registration);
// Tells a handle of a change; `below`: it was in a key somewhere below the handle's own.
void notify(Registration& registration, ChangeOf change, bool below);

}  // namespace regwatch::sim
