#include "sim/explorer.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ostream>

namespace regwatch::sim {
namespace {

class Exploration {
public:
    Exploration(const ExploreOptions& options, const Scenario& scenario)
        : options_(options), scenario_(scenario) {
        report_.name = options.name;
    }

    void depth_first() {
        DepthFirst choices(options_.max_forced_switches);
        bool more = true;
        while (more && may_go_on()) {
            run(choices);
            more = choices.advance();
        }
        report_.complete = !more;
    }

    void random() {
        for (std::uint64_t i = 0; may_go_on(); ++i) {
            RandomChoices choices(options_.seed + i);
            run(choices);
        }
    }

    [[nodiscard]] Report take_report() { return std::move(report_); }

private:
    [[nodiscard]] bool may_go_on() const {
        return report_.schedules < options_.max_schedules &&
               report_.failures < options_.max_failures;
    }

    void run(ChoiceSource& source) {
        Recorder choices(source);
        Scheduler scheduler(fibers_, options_.scheduler);
        const Outcome outcome = scheduler.run(choices, scenario_);
        ++report_.schedules;
        report_.steps += outcome.steps;
        report_.deepest = std::max(report_.deepest, choices.depth());
        if (outcome.ok() || report_.failures++ != 0) return;
        report_.first_failure = *outcome.failure;
        report_.first_failure_at = report_.schedules;
        report_.schedule = choices.schedule();
    }

    const ExploreOptions& options_;
    const Scenario& scenario_;
    FiberPool fibers_;
    Report report_;
};

}  // namespace

Report explore(const ExploreOptions& options, const Scenario& scenario) {
    const auto start = std::chrono::steady_clock::now();
    Exploration exploration(options, scenario);
    if (options.search == ExploreOptions::Search::random) {
        exploration.random();
    } else {
        exploration.depth_first();
    }
    Report report = exploration.take_report();
    report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    // The trace is made by a second run, so that the others need not keep one.
    if (report.found()) report.trace = replay(report.schedule, scenario, options.scheduler).trace;
    return report;
}

Outcome replay(std::string_view schedule, const Scenario& scenario, SchedulerOptions options) {
    FiberPool fibers;
    options.keep_trace = true;
    Replay choices(schedule);
    Outcome outcome = Scheduler(fibers, options).run(choices, scenario);
    if (!choices.fits()) outcome.failure = kDoesNotFit;
    return outcome;
}

Outcome run_once(const Scenario& scenario, SchedulerOptions options) {
    return replay("", scenario, options);
}

std::string Report::text() const {
    char line[256];
    std::snprintf(line, sizeof line, "%-52s schedules=%zu%s deepest=%zu failing=%zu %.2fs",
                  name.c_str(), schedules, complete ? "" : "+", deepest, failures, seconds);
    std::string text = line;
    if (!found()) return text;
    text += "\n  first at run " + std::to_string(first_failure_at) + ": " + first_failure;
    text += "\n  schedule \"" + schedule + '"';
    for (const std::string& step : trace) text += "\n    " + step;
    return text;
}

std::ostream& operator<<(std::ostream& out, const Report& report) { return out << report.text(); }

}  // namespace regwatch::sim
