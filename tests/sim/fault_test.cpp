// Every port call fails once, or throws, in every scenario: once the longest delay of a retry is over,
// what was delivered is what is there, and what changes then is found without another look at the clock.
#include <catch2/catch_test_macros.hpp>

#include <iostream>
#include <optional>

#include "sim/courses.h"
#include "sim/floors.h"
#include "sim/sample.h"

namespace regwatch::sim {
namespace {

// Without a kind the call throws.
void survives(const KernelRules& rules, const Course& course, std::optional<ErrorKind> kind) {
    std::size_t calls = 0;
    for (std::size_t failing = 0; failing <= calls; ++failing) {
        ExploreOptions options;
        options.name = std::string(course.name) + ", call " + std::to_string(failing) +
                       (kind ? std::string(" fails: ") + name_of(*kind) : " throws");
        options.search = ExploreOptions::Search::random;
        options.max_schedules = sample_of(20);
        const Report report = explore(options, [&] {
            WatchBench bench(rules);
            course.before(bench.kernel());
            if (failing > 0 && kind) bench.kernel().faults().fail_call(failing, *kind);
            if (failing > 0 && !kind) bench.kernel().faults().throw_at_call(failing);
            bench.watch(kDeepKey, course.scope);
            if (!bench.key) return;  // the owner was told
            bench.write([&] { course.meanwhile(bench.kernel()); });
            bench.writers.clear();
            let_pass(kLongerThanAnyRetry);
            bench.settled();
            if (failing == 0) calls = std::max(calls, bench.kernel().faults().calls());
            bench.kernel().faults().stop();
            still_hears(bench);
            bench.close();
        });
        INFO(report.text());
        CHECK_FALSE(report.found());
        if (report.found()) return;
    }
    std::cout << rules.name << ": " << course.name << ": each of " << calls
              << (kind ? std::string(" calls failed once: ") + name_of(*kind) : " calls threw once")
              << '\n';
    has_not_shrunk(std::string("calls that may fail: ") + course.name + " (" + rules.name + ")",
                   calls);
}

}  // namespace

TEST_CASE("whichever_port_call_fails_the_watch_recovers", "[faults]") {
    for (const KernelRules& rules : {windows_rules(), wine_rules()}) {
        for (const Course& course : kCourses) {
            survives(rules, course, ErrorKind::transient);
            // Of a subkey these are answers: it is left out, or has no content, until the sweep.
            if (course.scope == Scope::subtree) continue;
            survives(rules, course, ErrorKind::denied);
            survives(rules, course, ErrorKind::gone);
        }
    }
}

TEST_CASE("whichever_port_call_throws_the_watch_recovers", "[faults]") {
    for (const KernelRules& rules : {windows_rules(), wine_rules()}) {
        for (const Course& course : kCourses) survives(rules, course, std::nullopt);
    }
}

}  // namespace regwatch::sim
