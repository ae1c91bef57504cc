// The registry cannot be read in one piece: what is there all the time is never reported as gone, even
// where two writes have one time.
#include "sim/scenario.h"

namespace regwatch::sim {
namespace {

enum class Times { fine, coarse };

Effort torn() {
    return {.random = 6'000, .adjust = [](KernelRules& rules) { rules.torn_reads = true; }};
}

void use(WatchBench& bench, Times times) {
    // As coarse as the system clock of Windows can be.
    if (times == Times::coarse) bench.kernel().set_time_resolution(std::chrono::milliseconds(16));
}

void no_false_report(const WatchBench& bench) {
    for (const Difference& difference : bench.client.differences) {
        check(difference.value_name != u"stays" && difference.key != u"stays",
              "a change that did not happen was reported");
    }
}

}  // namespace

TEST_CASE("a_value_that_stays_is_not_reported_while_others_come_and_go", "[torn]") {
    for (const Times times : {Times::fine, Times::coarse}) {
        const char* name = times == Times::fine ? "torn values" : "torn values, coarse times";
        holds(name, torn(), [times](WatchBench& bench) {
            use(bench, times);
            bench.kernel().create_key(kKey);
            bench.kernel().set_value(kKey, u"first", dword(1));
            bench.kernel().set_value(kKey, u"stays", dword(2));
            bench.watch(kKey);
            bench.write([&] {
                bench.kernel().delete_value(kKey, u"first");
                bench.kernel().set_value(kKey, u"last", dword(3));
            });
            bench.settled();
            no_false_report(bench);
        });
    }
}

TEST_CASE("a_subkey_that_stays_is_not_reported_while_others_come_and_go", "[torn]") {
    for (const Scope scope : {Scope::key, Scope::subtree}) {
        for (const Times times : {Times::fine, Times::coarse}) {
            std::string name = scope == Scope::key ? "torn names" : "torn names in a subtree";
            if (times == Times::coarse) name += ", coarse times";
            holds(name, torn(), [times, scope](WatchBench& bench) {
                use(bench, times);
                bench.kernel().create_key(key_path(u"A\\K\\first"));
                bench.kernel().create_key(key_path(u"A\\K\\stays"));
                bench.watch(kKey, scope);
                bench.write([&] {
                    bench.kernel().delete_key(key_path(u"A\\K\\first"));
                    bench.kernel().create_key(key_path(u"A\\K\\zlast"));
                });
                bench.settled();
                no_false_report(bench);
            });
        }
    }
}

}  // namespace regwatch::sim
