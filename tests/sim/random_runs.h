// Runs a scenario of any bench under many random schedules in both kernels.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <functional>
#include <iostream>
#include <string>

#include "sim/explorer.h"
#include "sim/kept_schedules.h"
#include "sim/kernel_rules.h"
#include "sim/sample.h"

namespace regwatch::sim {

// The bench is made with the kernel's rules, inside each run.
template <class Bench>
void holds_at_random(const std::string& name, const std::function<void(Bench&)>& body,
                     std::size_t schedules) {
    for (const KernelRules& rules : {windows_rules(), wine_rules()}) {
        ExploreOptions options;
        options.name = name + " (" + rules.name + ")";
        options.search = ExploreOptions::Search::random;
        options.scheduler.locks_are_points = true;
        options.max_schedules = sample_of(schedules);
        const Scenario scenario = [&] {
            Bench bench(rules);
            body(bench);
        };
        kept_schedules_hold(options, scenario);
        if (only_kept_schedules_are_run()) continue;
        const Report report = explore(options, scenario);
        std::cout << report << '\n';
        INFO(report.text());
        CHECK_FALSE(report.found());
    }
}

}  // namespace regwatch::sim
