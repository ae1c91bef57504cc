// Each allocation of a watch fails once: nothing crashes, hangs or is left open, and once the longest delay of
// a retry is over, what was delivered is what is there.
#include <catch2/catch_test_macros.hpp>

#include <iostream>
#include <new>

#include "sim/allocations.h"
#include "sim/courses.h"
#include "sim/floors.h"
#include "sim/sample.h"

namespace regwatch::sim {
namespace {

// False: the owner was told that there is no memory for a watch.
bool is_watched(WatchBench& bench, Scope scope) {
    try {
        const AllocationsCounted counted;
        bench.watch(kDeepKey, scope);
    } catch (const std::bad_alloc&) {
        return false;
    }
    return bench.key != nullptr;
}

// Returns how many it made.
std::size_t live_without_memory(WatchBench& bench, const Course& course, std::size_t failing) {
    bench.platform.look_executor.expect_escapes();
    course.before(bench.kernel());
    fail_allocation(failing);
    if (is_watched(bench, course.scope)) {
        bench.write([&] { course.meanwhile(bench.kernel()); });
        bench.writers.clear();
        let_pass(kLongerThanAnyRetry);
        bench.settled();
        const AllocationsCounted counted;
        bench.close();
    }
    bench.nothing_is_open();
    return allocations_made();
}

void survives_without_memory(const KernelRules& rules, const Course& course) {
    std::size_t allocations = 0;
    const std::size_t step = kIsSample ? 10 : 1;
    for (std::size_t failing = 0; failing <= allocations; failing += step) {
        ExploreOptions options;
        options.name = std::string(course.name) + ", allocation " + std::to_string(failing);
        options.search = ExploreOptions::Search::random;
        options.max_schedules = failing == 0 ? 1 : 3;
        options.seed = 1 + failing;
        const Report report = explore(options, [&] {
            WatchBench bench(rules);
            const std::size_t count = live_without_memory(bench, course, failing);
            if (failing == 0) allocations = count;
        });
        INFO(report.text());
        CHECK_FALSE(report.found());
        if (report.found()) return;
    }
    std::cout << rules.name << ": " << course.name << ": each of " << allocations
              << " allocations failed once\n";
    has_not_shrunk(std::string("allocations: ") + course.name + " (" + rules.name + ")",
                   allocations);
}

}  // namespace

TEST_CASE("whichever_allocation_fails_the_watch_recovers_and_leaves_nothing_open", "[faults]") {
    for (const KernelRules& rules : {windows_rules(), wine_rules()}) {
        for (const Course& course : kCourses) survives_without_memory(rules, course);
    }
}

}  // namespace regwatch::sim
