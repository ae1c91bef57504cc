#include "sim/scenario.h"

#include <iostream>

#include "sim/floors.h"
#include "sim/kept_schedules.h"

namespace regwatch::sim {
namespace {

void is_sound(const Report& report) {
    std::cout << report << '\n';
    INFO(report.text());
    CHECK_FALSE(report.found());
}

ExploreOptions options_for(const std::string& name, const Effort& effort) {
    ExploreOptions options;
    options.name = name;
    options.scheduler.max_steps = effort.max_steps;
    options.scheduler.timers_at_any_time = effort.timers_at_any_time;
    return options;
}

ExploreOptions at_random(ExploreOptions options, const Effort& effort) {
    options.name += ", random";
    options.search = ExploreOptions::Search::random;
    options.scheduler.locks_are_points = true;
    options.max_schedules = sample_of(effort.random);
    return options;
}

// One of them alone, when the scenario is not reckoning with it: it is made up for, and the end is clean.
void fails_once(WatchBench& bench, std::size_t call, const Body& body) {
    bench.kernel().faults().fail_call_of_a_watch(call, ErrorKind::transient);
    body(bench);
    bench.recovered();
    bench.close();
    bench.nothing_is_open();
}

// Each in two courses at random.
void each_call_fails_once(const std::string& name, const Effort& effort, const KernelRules& rules,
                          const Body& body) {
    std::size_t calls = 0;
    const std::size_t step = kIsSample ? 7 : 1;
    ExploreOptions options = options_for(name, effort);
    options.search = ExploreOptions::Search::random;
    options.scheduler.only_must_hold = true;
    for (std::size_t call = 0; call <= calls; call += step) {
        options.name = name + ", call " + std::to_string(call) + " fails";
        options.max_schedules = call == 0 ? 1 : 2;
        options.seed = call;
        const Report report = explore(options, [&] {
            WatchBench bench(rules);
            fails_once(bench, call, body);
            if (call == 0) calls = bench.kernel().faults().calls();
        });
        if (!report.found()) continue;
        is_sound(report);
        return;
    }
    has_not_shrunk("calls in " + name, calls);
}

}  // namespace

void holds(const std::string& name, const Effort& effort, const Body& body) {
    for (KernelRules rules : {windows_rules(), wine_rules()}) {
        if (effort.adjust) effort.adjust(rules);
        const Scenario scenario = [&] {
            WatchBench bench(rules);
            body(bench);
            bench.close();
            bench.nothing_is_open();
        };
        const std::string full_name = name + " (" + rules.name + ")";
        const ExploreOptions every = options_for(full_name, effort);
        const ExploreOptions some = at_random(every, effort);
        kept_schedules_hold(some, scenario);
        if (explore_completely(every, scenario, effort.random).found()) return;
        if (only_kept_schedules_are_run()) continue;
        if (!floors_are_being_written()) is_sound(explore(some, scenario));
        if (effort.each_call_fails) each_call_fails_once(full_name, effort, rules, body);
    }
}

}  // namespace regwatch::sim
