#include "sim/notification.h"

#include <utility>

namespace regwatch::sim {

bool decide(Behaviour behaviour, const char* what) {
    switch (behaviour) {
        case Behaviour::never:
            return false;
        case Behaviour::always:
            return true;
        case Behaviour::open:
            return choose(2, what) == 1;
    }
    return false;
}

void signal(EventState& event) {
    event.signalled = true;
    event.changed.notify();
    hand_over(event);
}

void hand_over(EventState& event) {
    if (!event.signalled || event.armed == nullptr) return;
    event.signalled = false;
    WaitState& wait = *std::exchange(event.armed, nullptr);
    wait.armed = nullptr;
    wait.queued = true;
    wait.queue->waiting.push_back({wait.client, wait.id, &wait});
    wait.queue->changed.notify();
}

void register_event(Registration& registration, EventState& event, Scope scope,
                    const KernelRules& rules) {
    if (!registration.scope) registration.scope = scope;
    event.signalled = false;
    if (std::exchange(registration.interim_change, false) &&
        decide(rules.interim_change_signals, "interim change signals")) {
        signal(event);
        return;
    }
    registration.event = &event;
    ++event.registrations;
}

void fire(Registration& registration) {
    EventState* event = std::exchange(registration.event, nullptr);
    if (event == nullptr) return;
    --event->registrations;
    signal(*event);
}

void notify(Registration& registration, ChangeOf change, bool below) {
    if (!registration.scope) return;
    if (below && registration.scope != Scope::subtree) return;
    if (change == ChangeOf::values && registration.scope == Scope::names) return;
    if (registration.event == nullptr) {
        registration.interim_change = true;
    } else {
        fire(registration);
    }
}

}  // namespace regwatch::sim
