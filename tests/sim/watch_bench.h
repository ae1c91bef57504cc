// A KeyWatch in a simulated world, and a client that holds it to its word.
//
// Built and destroyed inside a run. The client checks at every look what every look must keep: that the
// differences turn the state before into the state now. settled() checks what must hold once nobody
// has anything left to do: the last delivered state is the registry's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sim/allocations.h"
#include "sim/explorer.h"
#include "sim/scheduler.h"
#include "sim/sim_platform.h"
#include "support/apply.h"
#include "watch/key_watch.h"

namespace regwatch::sim {

inline KeyPath key_path(std::u16string subkey) { return {Root::local_machine, std::move(subkey)}; }
inline const KeyPath kKey = key_path(u"A\\K");         // what most scenarios watch
inline const KeyPath kDeepKey = key_path(u"A\\B\\K");  // where what is above it matters
inline ValueData dword(std::uint8_t value) { return {ValueType::dword, {value, 0, 0, 0}}; }

class LookRecorder final : public KeyWatch::Client {
public:
    void on_look(const KeyWatchPlan& plan, Look& look) override {
        const AllocationsSpared spared;
        must_hold(!closed, "a look was delivered after close() had returned");
        if (std::exchange(throws_once, false)) throw std::runtime_error("a bug");
        must_hold(++looking == 1, "two looks at once");
        const bool baseline = looks == 0 && plan.first_look == FirstLook::accept;
        if (!baseline) {
            auto applied = test::apply(std::move(state), look.differences);
            must_hold(applied.ok(), "the differences do not fit the state before");
            // One level is all that a look without the subtree knows of.
            if (applied.value() && plan.scope != Scope::subtree) {
                for (Subkey& subkey : applied.value()->subkeys) subkey.below.reset();
            } else if (applied.value() && look.now) {
                learn(*applied.value(), *look.now);
            }
            must_hold(same(applied.value(), look.now.get()),
                      "the differences do not lead to the state now");
        }
        state = look.now == nullptr ? std::nullopt : std::optional(*look.now);
        differences.insert(differences.end(), look.differences.begin(), look.differences.end());
        ++looks;
        last_detection = look.detection;
        switch_point("delivering");
        if (on_delivery) on_delivery();
        --looking;
    }
    void on_settled() override { must_hold(++settled == 1, "settled twice"); }

    [[nodiscard]] static bool same(const std::optional<Snapshot>& a, const Snapshot* b) {
        if (!a || b == nullptr) return !a && b == nullptr;
        return test::has_same_content(*a, *b);
    }
    // What could not be read at the first look is no difference when it can be.
    static void learn(Snapshot& known, const Snapshot& now) {
        for (Subkey& subkey : known.subkeys) {
            const Subkey* const is = find_subkey(now, subkey.name);
            if (is == nullptr || !is->below) continue;
            auto below = std::make_shared<Snapshot>(subkey.below ? *subkey.below : *is->below);
            if (subkey.below) learn(*below, *is->below);
            subkey.below = std::move(below);
        }
    }
    [[nodiscard]] std::size_t count(DifferenceKind kind) const {
        std::size_t n = 0;
        for (const Difference& difference : differences) n += difference.kind == kind ? 1 : 0;
        return n;
    }

    std::optional<Snapshot> state;  // as delivered; nothing: the key does not exist
    std::vector<Difference> differences;
    std::size_t looks = 0;
    int looking = 0;
    int settled = 0;
    Detection last_detection{};
    std::function<void()> on_delivery;  // on the thread that looks
    bool throws_once = false;
    bool closed = false;
};

struct WatchBench {
    explicit WatchBench(const KernelRules& rules) : platform({rules, 2, 1}) {}

    SimKernel& kernel() { return platform.kernel; }

    void watch(const KeyPath& path, Scope scope = Scope::key,
               FirstLook first_look = FirstLook::accept) {
        watched = path;
        recursive = scope == Scope::subtree;
        KeyWatchPlan plan{"test", path, scope, first_look};
        plan.security = security;
        plan.selection = selection;
        plan.max_keys_of_a_part = max_keys_of_a_part;
        plan.debounce = debounce;
        auto made = KeyWatch::create(
            std::move(plan), {monitors, platform.look_executor, platform.clock, platform.journal},
            client);
        if (!made.ok()) return;  // a scenario that lets calls fail
        key = std::move(made).value();
        key->start();
    }

    // A thread that changes the registry while the watch lives.
    void write(std::function<void()> changes) {
        writers.push_back(std::make_unique<Thread>("writer", std::move(changes)));
    }

    // Everybody has done what they could, and what was delivered is what is there.
    void settled() {
        writers.clear();
        Scheduler::current()->settle();
        if (!key) return;
        check(client.settled == 1, "the watch never settled");
        check(has_delivered(platform.kernel.look(watched, recursive)),
              "deaf: the last delivered state is not the registry's");
    }
    [[nodiscard]] bool has_delivered(std::optional<Snapshot> truth) const {
        if (truth && selection) {
            truth = within(*truth, kSelectAll, *selection, ConcealingKey::of_this_process());
        }
        return LookRecorder::same(client.state, truth ? &*truth : nullptr);
    }

    // The same, where a call has failed meanwhile: nothing but the time that a retry takes is needed.
    void recovered() {
        writers.clear();
        platform.kernel.faults().stop();
        let_pass(std::chrono::minutes(2));
        if (!key || client.closed) return;
        must_hold(has_delivered(platform.kernel.look(watched, recursive)),
                  "deaf: the call that failed is not made up for");
    }

    void close() {
        if (key) key->close();
        client.closed = true;
    }

    // Nothing that was opened outlives the watches, whatever failed meanwhile.
    void nothing_is_open() {
        const KernelCounts counts = platform.kernel.counts();
        must_hold(counts.open_keys == 0, "a key is still open");
        must_hold(counts.open_waits == 0, "a wait is still open");
        must_hold(counts.open_events == 0, "an event is still open");
    }

    SimPlatform platform;
    MonitorSet monitors{platform.registry, platform.persistent_thread};
    LookRecorder client;
    KeyPath watched;
    bool recursive = false;
    bool security = false;
    Duration debounce{};
    std::shared_ptr<const Selection> selection;
    std::size_t max_keys_of_a_part = kMaxKeysOfAPart;
    std::unique_ptr<KeyWatch> key;
    std::vector<std::unique_ptr<Thread>> writers;
};

}  // namespace regwatch::sim
