// Every port call fails once, or throws, in every scenario: once the longest delay of a retry is over,
// what was delivered is what is there, and what changes then is found without another look at the clock.
#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <iostream>
#include <optional>

#include "sim/sample.h"
#include "sim/watch_bench.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLongerThanAnyRetry = 2min;

struct Course {
    const char* name = "";
    Scope scope = Scope::key;
    std::function<void(SimKernel&)> before;
    std::function<void(SimKernel&)> meanwhile;
};

const Course kCourses[] = {
    {"appears, is deleted and made again", Scope::key,
     [](SimKernel& kernel) { kernel.create_key(key_path(u"A\\B")); },
     [](SimKernel& kernel) {
         kernel.create_key(kDeepKey);
         kernel.set_value(kDeepKey, u"v", dword(1));
         kernel.delete_key(kDeepKey);
         kernel.create_key(kDeepKey);
     }},
    {"is absent, and what is above it comes and goes", Scope::key,
     [](SimKernel& kernel) { kernel.create_key(key_path(u"A")); },
     [](SimKernel& kernel) {
         kernel.create_key(key_path(u"A\\B"));
         kernel.delete_key(key_path(u"A"));
         kernel.create_key(key_path(u"A\\B"));
     }},
    {"is written to, with its subkeys", Scope::subtree,
     [](SimKernel& kernel) { kernel.create_key(key_path(u"A\\B\\K\\S\\T")); },
     [](SimKernel& kernel) {
         kernel.set_value(key_path(u"A\\B\\K\\S\\T"), u"v", dword(1));
         kernel.delete_key(key_path(u"A\\B\\K\\S"));
         kernel.create_key(key_path(u"A\\B\\K\\U"));
     }},
};

// Nothing that was broken off may have left it deaf.
void still_hears(WatchBench& bench) {
    bench.kernel().create_key(kDeepKey);
    bench.settled();
    bench.kernel().set_value(kDeepKey, u"v", dword(7));
    bench.settled();
    bench.kernel().delete_key(kDeepKey);
    bench.settled();
    bench.kernel().create_key(kDeepKey);
    bench.settled();
    check(bench.key->status().state == WatchState::watching, "it is not watched");
}

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
    // A sample of the schedules meets fewer of them.
    CHECK(calls > (kIsSample ? 29U : 30U));
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
