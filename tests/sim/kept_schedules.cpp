#include "sim/kept_schedules.h"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "sim/floors.h"
#include "sim/mutant.h"

namespace regwatch::sim {
namespace {

using KeptSchedules = std::multimap<std::string, std::string>;

// NAME OF THE SEARCH | SCHEDULE.
KeptSchedules read_kept_schedules() {
    const char* const other = std::getenv("REGWATCH_SCHEDULES");
    std::ifstream file(other != nullptr ? other : REGWATCH_SIM_FOLDER "/schedules.txt");
    KeptSchedules kept;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') continue;
        const std::size_t bar = line.find(" | ");
        if (bar == std::string::npos) throw std::runtime_error("not understood: " + line);
        kept.emplace(line.substr(0, bar), line.substr(bar + 3));
    }
    if (kept.empty()) throw std::runtime_error("no schedules are kept");
    return kept;
}

const char* file_of_fitting_schedules() { return std::getenv("REGWATCH_FITTING_SCHEDULES"); }

void tell_that_it_fits(const std::string& name, const std::string& schedule) {
    const char* const path = file_of_fitting_schedules();
    if (path != nullptr) std::ofstream(path, std::ios::app) << name + " | " + schedule + '\n';
}

}  // namespace

bool only_kept_schedules_are_run() { return file_of_fitting_schedules() != nullptr; }

void kept_schedules_hold(const ExploreOptions& options, const Scenario& scenario) {
    if (floors_are_being_written()) return;
    static const KeptSchedules kept = read_kept_schedules();
    const auto [begin, end] = kept.equal_range(options.name);
    for (auto at = begin; at != end; ++at) {
        const Outcome outcome = replay(at->second, scenario, options.scheduler);
        if (outcome.ok()) {
            tell_that_it_fits(at->first, at->second);
            continue;
        }
        if (outcome.failure == kDoesNotFit) {
            // A mutant makes other calls.
            if (is_mutant()) continue;
            FAIL_CHECK("a schedule that is kept of \""
                       << options.name
                       << "\" does not fit any more: have "
                          "tests/sim/keep_schedules.sh throw it out, "
                          "and find another\n"
                       << at->second);
            continue;
        }
        Report report;
        report.name = options.name;
        report.failures = 1;
        report.first_failure = *outcome.failure;
        report.schedule = at->second;
        report.trace = outcome.trace;
        std::cout << "a schedule that is kept:\n" << report << '\n';
        INFO(report.text());
        CHECK_FALSE(report.found());
    }
}

}  // namespace regwatch::sim
