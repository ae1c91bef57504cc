// Runs one scenario of a watched key in both kernels, and says how many schedules that were.
//
// First every course in which a thread is stopped at most `forced_switches` times where it could have
// gone on, then random ones in which it may be stopped anywhere, at locks too. `floor` is the least
// number of schedules that the complete search has: fewer would mean that it has shrunk unnoticed.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <functional>
#include <iostream>
#include <string>

#include "sim/sample.h"
#include "sim/watch_bench.h"

namespace regwatch::sim {

// Less to explore where the point of a scenario is another one.
inline void without_latch(KernelRules& rules) { rules.interim_change_signals = Behaviour::never; }

struct Effort {
    std::size_t floor = 1;
    std::size_t random = 2'000;
    std::size_t forced_switches = 0;
    std::function<void(KernelRules&)> adjust = nullptr;
    std::size_t max_steps = SchedulerOptions{}.max_steps;
};

using Body = std::function<void(WatchBench&)>;

inline void holds(const std::string& name, const Effort& effort, const Body& body) {
    for (KernelRules rules : {windows_rules(), wine_rules()}) {
        if (effort.adjust) effort.adjust(rules);
        const Scenario scenario = [&] {
            WatchBench bench(rules);
            body(bench);
            bench.close();
        };
        ExploreOptions options;
        options.name = name + " (" + rules.name + ")";
        options.max_forced_switches = effort.forced_switches;
        options.scheduler.max_steps = effort.max_steps;
        if (kIsSample) options.max_schedules = sample_of(effort.random);
        const Report every = explore(options, scenario);
        std::cout << every << '\n';
        INFO(every.text());
        CHECK_FALSE(every.found());
        CHECK((every.complete || kIsSample));
        CHECK((every.schedules >= effort.floor || kIsSample));
        if (every.found()) return;

        options.name += ", random";
        options.search = ExploreOptions::Search::random;
        options.scheduler.locks_are_points = true;
        options.max_schedules = sample_of(effort.random);
        const Report some = explore(options, scenario);
        std::cout << some << '\n';
        INFO(some.text());
        CHECK_FALSE(some.found());
        CHECK((some.found() || some.schedules == options.max_schedules));
    }
}

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
