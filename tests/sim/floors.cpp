#include "sim/floors.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "sim/kept_schedules.h"
#include "sim/mutant.h"
#include "sim/sample.h"

namespace regwatch::sim {
namespace {

// With one switch more than is in the file the search would be larger than this.
constexpr std::size_t kMostSchedules = 20'000;
constexpr std::size_t kMostSteps = 2'000'000;

struct SearchFloor {
    std::size_t least = 0;
    std::size_t forced_switches = 0;
};
using SearchFloors = std::map<std::string, SearchFloor>;

// NAME | LEAST NUMBER, and of a search that chooses its bound: | FORCED SWITCHES.
SearchFloors read_floors(const char* path) {
    std::ifstream file(path);
    SearchFloors floors;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') continue;
        const std::size_t bar = line.find(" | ");
        if (bar == std::string::npos) throw std::runtime_error("not understood: " + line);
        SearchFloor floor;
        std::istringstream rest(line.substr(bar + 3));
        char between = '|';
        rest >> floor.least >> between >> floor.forced_switches;
        if (!floors.emplace(line.substr(0, bar), floor).second) {
            throw std::runtime_error("twice in floors.txt: " + line);
        }
    }
    if (floors.empty()) throw std::runtime_error("no floors in " + std::string(path));
    return floors;
}

std::optional<SearchFloor> floor_of(const std::string& name) {
    static const SearchFloors floors = read_floors(REGWATCH_SIM_FOLDER "/floors.txt");
    const auto found = floors.find(name);
    if (found == floors.end()) return std::nullopt;
    return found->second;
}

const char* file_to_write() { return std::getenv("REGWATCH_WRITE_FLOORS"); }

// A tenth less, so that not every change of the sources moves it.
void write_floor(const std::string& name, std::size_t count, const std::string& rest = "") {
    std::ofstream file(file_to_write(), std::ios::app);
    const std::size_t least = count - count / 10;
    file << name + " | " + std::to_string(least) + rest + '\n' << std::flush;
    if (!file) throw std::runtime_error("the floors cannot be written");
}

// As deep as the search stays small, and no deeper than there is anything to find.
Report explore_deeper_and_deeper(ExploreOptions options, const Scenario& scenario) {
    Report best;
    std::size_t bound = 0;
    for (;; ++bound) {
        options.max_forced_switches = bound;
        if (bound > 0) {
            // The runs of the deeper search are about as long.
            const std::size_t length = std::max<std::size_t>(best.steps / best.schedules, 1);
            options.max_schedules = std::min(kMostSchedules, kMostSteps / length);
        }
        Report report = explore(options, scenario);
        const bool fits = bound == 0 || report.complete;
        if (!fits && !report.found()) break;
        const bool is_all = report.schedules == best.schedules;
        if (!is_all || report.found()) best = std::move(report);
        if (is_all || best.found()) break;
    }
    if (!best.found()) {
        write_floor(options.name, best.schedules, " | " + std::to_string(bound - 1));
    }
    return best;
}

}  // namespace

bool floors_are_being_written() { return file_to_write() != nullptr; }

void has_not_shrunk(const std::string& name, std::size_t count) {
    if (floors_are_being_written()) return write_floor(name, count);
    if (kIsSample || is_mutant()) return;
    const std::optional<SearchFloor> floor = floor_of(name);
    INFO("tests/sim/floors.txt, which tests/sim/write_floors.sh writes anew; \""
         << name << "\" has now " << count);
    if (!floor) {
        FAIL_CHECK("no line says how many there have to be");
        return;
    }
    INFO("the floor is " << floor->least);
    if (count < floor->least) FAIL_CHECK("the search has shrunk");
    if (floor->least < count - count / 4) FAIL_CHECK("the floor is to be raised");
}

Report explore_completely(ExploreOptions options, const Scenario& scenario,
                          std::size_t schedules_of_a_sample) {
    kept_schedules_hold(options, scenario);
    if (only_kept_schedules_are_run()) return {};
    if (kIsSample) options.max_schedules = sample_of(schedules_of_a_sample);
    const bool writes = floors_are_being_written();
    if (!writes) {
        const auto floor = floor_of(options.name);
        options.max_forced_switches = floor ? floor->forced_switches : 0;
    }
    const Report report =
        writes ? explore_deeper_and_deeper(options, scenario) : explore(options, scenario);
    std::cout << report << '\n';
    INFO(report.text());
    CHECK_FALSE(report.found());
    if (report.found() || kIsSample) return report;
    CHECK(report.complete);
    if (!writes) has_not_shrunk(report.name, report.schedules);
    return report;
}

}  // namespace regwatch::sim
