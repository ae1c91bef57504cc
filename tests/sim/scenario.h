// Runs one scenario of a watched key in both kernels, and says how many schedules that were.
//
// First the schedules that schedules.txt keeps of it; then every course in which a thread is stopped at
// most so often, where it could have gone on, as floors.txt says of the scenario; then random ones in which
// it may be stopped anywhere, at locks too. At last each call of a port fails once. One OS thread.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <functional>
#include <string>

#include "sim/sample.h"
#include "sim/watch_bench.h"

namespace regwatch::sim {

// Less to explore where the point of a scenario is another one.
inline void without_latch(KernelRules& rules) { rules.interim_change_signals = Behaviour::never; }

struct Effort {
    std::size_t random = 2'000;
    std::function<void(KernelRules&)> adjust = nullptr;
    std::size_t max_steps = SchedulerOptions{}.max_steps;
    // Time passes early too. Not where the scenario counts on what is done before.
    bool timers_at_any_time = false;
    // Not where the scenario lets calls fail itself.
    bool each_call_fails = true;
};

using Body = std::function<void(WatchBench&)>;

void holds(const std::string& name, const Effort& effort, const Body& body);

inline Scheduler& world() { return *Scheduler::current(); }

// The other watches of a scenario: each with a client of its own, on the bench's monitors.
struct Neighbour {
    Neighbour(WatchBench& around, const KeyPath& watched, Scope scope = Scope::key)
        : bench(around),
          path(watched),
          key(std::move(KeyWatch::create({"neighbour", watched, scope},
                                         {around.monitors, around.platform.look_executor,
                                          around.platform.clock, around.platform.journal},
                                         client))
                  .value()) {
        key->start();
    }
    void settled() {
        world().settle();
        const auto truth = bench.kernel().look(path, key->plan().scope == Scope::subtree);
        check(LookRecorder::same(client.state, truth ? &*truth : nullptr),
              "deaf: the neighbour's last delivered state is not the registry's");
    }
    void close() {
        key->close();
        client.closed = true;
    }

    WatchBench& bench;
    const KeyPath path;
    LookRecorder client;
    std::unique_ptr<KeyWatch> key;
};

}  // namespace regwatch::sim
