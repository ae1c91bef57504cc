// Every port call fails once, in every scenario: the watch ends in a named state, and once calls succeed
// again and the timers have run, what was delivered is what is there.
#include <catch2/catch_test_macros.hpp>

#include <iostream>

#include "sim/sample.h"
#include "sim/watch_bench.h"

namespace regwatch::sim {
namespace {

void survives(const KernelRules& rules, ErrorKind kind) {
    std::size_t calls = 0;
    for (std::size_t failing = 0; failing <= calls; ++failing) {
        ExploreOptions options;
        options.name = std::string("call ") + std::to_string(failing) + " fails";
        options.search = ExploreOptions::Search::random;
        options.max_schedules = sample_of(40);
        const Report report = explore(options, [&] {
            WatchBench bench(rules);
            bench.kernel().create_key(key_path(u"A\\B"));
            if (failing > 0) bench.kernel().faults().fail_call(failing, kind);
            bench.watch(key_path(u"A\\B\\K"));
            bench.write([&] {
                bench.kernel().create_key(key_path(u"A\\B\\K"));
                bench.kernel().set_value(key_path(u"A\\B\\K"), u"v", dword(1));
                bench.kernel().delete_key(key_path(u"A\\B\\K"));
                bench.kernel().create_key(key_path(u"A\\B\\K"));
                // Longer than the longest delay, and the sweep behind it.
                Scheduler::current()->sleep_for(std::chrono::hours(3));
            });
            bench.settled();
            if (failing == 0) calls = std::max(calls, bench.kernel().faults().calls());
            bench.close();
        });
        INFO(report.text());
        CHECK_FALSE(report.found());
    }
    std::cout << rules.name << ", " << name_of(kind) << ": each of " << calls
              << " calls failed once\n";
    CHECK(calls > 40);
}

}  // namespace

TEST_CASE("whichever_port_call_fails_the_watch_recovers", "[faults]") {
    for (const KernelRules& rules : {windows_rules(), wine_rules()}) {
        survives(rules, ErrorKind::transient);
        survives(rules, ErrorKind::denied);
        survives(rules, ErrorKind::gone);
    }
}

}  // namespace regwatch::sim
