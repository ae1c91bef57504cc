// One system with a registry, a persistent thread, and what tests of both keep needing.
//
// Used by the test's thread. What it hands out is destroyed before it is.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "contract/signals.h"
#include "contract/subject.h"

namespace regwatch::test {

// A wait and its event, closed in the order that the port wants.
class OpenWait {
public:
    OpenWait(RegistrySubject& subject, std::shared_ptr<Signals> signals, std::uint64_t id,
             PersistentThread::Initially state);
    OpenWait(OpenWait&&) = default;
    OpenWait& operator=(OpenWait&&) = delete;
    ~OpenWait() { close(); }

    void arm() { wait_->arm(*event_); }
    // No callback after this one returned.
    void stop();
    void close();
    [[nodiscard]] Event& event() { return *event_; }
    [[nodiscard]] std::uint64_t id() const { return id_; }

private:
    std::uint64_t id_;
    std::unique_ptr<Event> event_;
    std::unique_ptr<Wait> wait_;
};

// An open key with an event for it. The key is closed first.
struct Observed {
    std::unique_ptr<Event> event;
    std::unique_ptr<RegistryKey> key;
};

class Bench {
public:
    explicit Bench(System system) : subject_(make_registry_subject(system)) {}

    [[nodiscard]] RegistrySubject& subject() { return *subject_; }
    [[nodiscard]] PersistentThread& thread() { return subject_->thread(); }
    [[nodiscard]] RegistryEditor& editor() { return subject_->editor(); }
    [[nodiscard]] Signals& signals() { return *signals_; }
    [[nodiscard]] const std::shared_ptr<Signals>& client() { return signals_; }

    OpenWait wait(std::uint64_t id,
                  PersistentThread::Initially state = PersistentThread::Initially::signalled) {
        return {*subject_, signals_, id, state};
    }
    // Runs it on the persistent thread and returns when it has.
    void on_thread(const std::function<void()>& what);

    Result<std::unique_ptr<RegistryKey>> try_open(std::u16string_view key,
                                                  View view = View::bits64);
    std::unique_ptr<RegistryKey> open(std::u16string_view key, View view = View::bits64);

    // Opened, but not registered.
    Observed hold(std::u16string_view key,
                  PersistentThread::Initially state = PersistentThread::Initially::clear);
    // None may be outstanding.
    Result<void> request(Observed& observed, Scope scope);
    // Opened, and registered for the next change.
    Observed observe(std::u16string_view key, Scope scope,
                     PersistentThread::Initially state = PersistentThread::Initially::clear);
    [[nodiscard]] bool signalled(Observed& observed);
    // Of what would have been signalled by now: ask after a control was signalled.
    [[nodiscard]] bool silent(Observed& observed);

private:
    const std::shared_ptr<Signals> signals_ = std::make_shared<Signals>();
    std::unique_ptr<RegistrySubject> subject_;
};

}  // namespace regwatch::test
