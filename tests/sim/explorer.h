// Runs a scenario under every schedule there is, or under as many as asked for.
//
// A scenario is a function that builds its world, lets threads loose in it, checks what must hold, and
// takes the world down again; all of it happens inside the run, so that construction and destruction
// are explored too. It must depend on nothing but the scheduler: no real time, no addresses, no
// state from the run before. One OS thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/choices.h"
#include "sim/scheduler.h"

namespace regwatch::sim {

using Scenario = std::function<void()>;

struct ExploreOptions {
    enum class Search { depth_first, random };

    std::string name;
    Search search = Search::depth_first;
    std::size_t max_forced_switches = DepthFirst::kNoBound;  // for depth_first
    std::uint64_t seed = 1;                                  // for random
    // Random runs end here. A depth-first search that gets here was cut short, and says so.
    std::size_t max_schedules = 1'000'000;
    // What a failed run had built is never taken down, so a count of failures costs memory.
    std::size_t max_failures = 1;
    SchedulerOptions scheduler;
};

struct Report {
    std::string name;
    std::size_t schedules = 0;
    std::size_t steps = 0;
    std::size_t deepest = 0;  // the most choices in one run
    std::size_t failures = 0;
    bool complete = false;  // nothing is left to try
    double seconds = 0;

    std::size_t first_failure_at = 0;  // the number of the run, from 1
    std::string first_failure;         // why
    std::string schedule;              // replays it
    std::vector<std::string> trace;    // what happened in it

    [[nodiscard]] bool found() const noexcept { return failures != 0; }
    // With the trace of the first failure, if there was one.
    [[nodiscard]] std::string text() const;
};

[[nodiscard]] Report explore(const ExploreOptions& options, const Scenario& scenario);

// What a run fails with that has no answer of the schedule left over, or lacks one.
inline constexpr const char* kDoesNotFit = "the schedule does not fit the scenario";

// The one run that a schedule of explore() describes, with its trace.
[[nodiscard]] Outcome replay(std::string_view schedule, const Scenario& scenario,
                             SchedulerOptions options = {});
// The plain course: every thread runs until it must wait.
[[nodiscard]] Outcome run_once(const Scenario& scenario, SchedulerOptions options = {});

std::ostream& operator<<(std::ostream& out, const Report& report);

}  // namespace regwatch::sim
