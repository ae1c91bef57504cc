// What the tests of the simulated kernel share: a kernel with its ports, and a way to run something
// on its persistent thread.
//
// Built and destroyed inside a run.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "base/sync.h"
#include "sim/explorer.h"
#include "sim/sim_kernel.h"
#include "sim/sim_persistent_thread.h"
#include "sim/sim_registry.h"

namespace regwatch::sim {

inline KeyPath path(std::u16string subkey) { return {Root::local_machine, std::move(subkey)}; }
inline ValueData number(std::uint8_t value) { return {ValueType::dword, {value, 0, 0, 0}}; }

inline bool take_signal(Event& event) {
    return static_cast<SimEvent&>(event).take_signal(Duration::zero());
}

// Calls one function for each signal of one wait.
class Callee final : public PersistentThread::Client, public std::enable_shared_from_this<Callee> {
public:
    explicit Callee(std::function<void()> what) : what_(std::move(what)) {}

    void on_signal(std::uint64_t) noexcept override {
        what_();
        Lock lock(mutex_);
        ++count_;
        called_.notify_all();
    }

    void wait_for(int count) {
        Lock lock(mutex_);
        while (count_ < count) called_.wait(mutex_);
    }
    [[nodiscard]] int count() {
        Lock lock(mutex_);
        return count_;
    }

private:
    const std::function<void()> what_;
    Mutex mutex_;
    Condition called_;
    int count_ REGWATCH_GUARDED_BY(mutex_) = 0;
};

struct KernelBench {
    explicit KernelBench(KernelRules rules) : kernel(rules) {}

    SimKernel kernel;
    SimRegistry registry{kernel};
    std::vector<std::shared_ptr<Callee>> callees;
    std::unique_ptr<SimPersistentThread> thread = std::make_unique<SimPersistentThread>(kernel);

    Callee& callee(std::function<void()> what) {
        callees.push_back(std::make_shared<Callee>(std::move(what)));
        return *callees.back();
    }

    std::unique_ptr<Event> event(
        PersistentThread::Initially state = PersistentThread::Initially::clear) const {
        return std::move(thread->create_event(state)).value();
    }
    std::unique_ptr<Wait> wait(Callee& who) const {
        return std::move(thread->create_wait(who.shared_from_this(), 1)).value();
    }
    std::unique_ptr<RegistryKey> open(std::u16string subkey) {
        return std::move(registry.open(path(std::move(subkey)))).value();
    }

    void on_thread(std::function<void()> what) {
        Callee& once = callee(std::move(what));
        const auto signalled = event(PersistentThread::Initially::signalled);
        const auto waiting = wait(once);
        waiting->arm(*signalled);
        once.wait_for(1);
        waiting->disarm();
        waiting->drain();
    }
    Result<void> request(RegistryKey& key, Event& on, Scope scope) {
        Result<void> result;
        on_thread([&] { result = key.request_signal(on, scope); });
        return result;
    }
};

// All answers that a question about a kernel gets under one set of rules, over every schedule and
// every choice.
inline std::set<bool> answers(const KernelRules& rules,
                              const std::function<bool(KernelBench&)>& question) {
    std::set<bool> answers;
    ExploreOptions options;
    options.max_forced_switches = 1;
    const Report report = explore(options, [&] {
        KernelBench bench(rules);
        answers.insert(question(bench));
    });
    if (report.found() || !report.complete) throw std::runtime_error(report.text());
    return answers;
}

// What a single run ends with when it breaks a rule; empty if it breaks none.
inline std::string violation_of(const std::function<void(KernelBench&)>& misuse) {
    const Outcome outcome = run_once([&] {
        KernelBench bench(windows_rules());
        misuse(bench);
    });
    return outcome.failure.value_or("");
}

}  // namespace regwatch::sim
