// Every call of the store fails once, in a run that is killed and in the one after it: nothing is lost, no
// number is given twice, and nothing is owed for ever.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <iostream>
#include <string>

#include "sim/floors.h"
#include "sim/restart_bench.h"
#include "sim/sample.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

enum class Failing { first_run, second_run };

bool was_delivered(const RestartBench& bench, std::u16string_view name, const ValueData& data) {
    return std::any_of(bench.changes.begin(), bench.changes.end(), [&](const Change& change) {
        return change.value_name == name && change.after == data;
    });
}

// Past the delays of the store and of the lanes.
void pass_the_trouble() {
    Scheduler::current()->sleep_for(3min);
    RestartBench::settle();
}

void live_and_die(RestartBench& bench, Failing failing, std::uint64_t call, std::uint64_t& calls) {
    bench.state.heartbeat = 1min;
    bench.platform.kernel.create_key(kKey);
    bench.failing_call = failing == Failing::first_run ? call : 0;
    bench.start();
    bench.hang = failing == Failing::second_run;
    for (std::uint8_t i = 1; i <= 2; ++i) {
        bench.platform.kernel.set_value(kKey, u"v", dword(i));
        bench.settle();
    }
    if (failing == Failing::first_run) pass_the_trouble();
    bench.platform.kernel.set_value(kKey, u"w", dword(3));
    bench.settle();
    if (failing == Failing::first_run) calls = std::max(calls, bench.mortal->calls());
    bench.may_number_twice = bench.engine->status().store != StoreState::ready;
    bench.kill();
    bench.platform.kernel.set_value(kKey, u"x", dword(4));
    bench.failing_call = failing == Failing::second_run ? call : 0;
    bench.start();
    bench.settle();
    pass_the_trouble();
    bench.platform.kernel.set_value(kKey, u"y", dword(5));
    bench.settle();
    pass_the_trouble();
    if (failing == Failing::second_run) calls = std::max(calls, bench.mortal->calls());
    bench.stop();
}

void nothing_is_lost(RestartBench& bench) {
    for (std::uint8_t i = 1; i <= 5; ++i) {
        const std::u16string name =
            i <= 2 ? u"v" : std::u16string(1, static_cast<char16_t>(u't' + i));
        check(was_delivered(bench, name, dword(i)), "a change was lost");
    }
    const auto history = bench.store.history({});
    for (std::size_t i = 0; i < history->size(); ++i)
        check((*history)[i]->sequence == i + 1, "a number is missing");
    check(bench.store.counts()->pending == 0, "something is owed for ever");
    const auto baseline = bench.store.baseline("test", kKey);
    check(baseline->has_value() && (*baseline)->state && (*baseline)->state->values.size() == 4,
          "the baseline misses something");
}

void survives(Failing failing, StoreState state) {
    const std::string run = failing == Failing::first_run ? "first" : "second";
    std::uint64_t calls = 0;
    for (std::uint64_t call = 0; call <= calls; ++call) {
        ExploreOptions options;
        options.name =
            "call " + std::to_string(call) + " of the " + run + " run fails: " + name_of(state);
        options.search = ExploreOptions::Search::random;
        options.max_schedules = sample_of(40);
        const Report report = explore(options, [&] {
            RestartBench bench(windows_rules());
            bench.failing_with = state;
            live_and_die(bench, failing, call, calls);
            nothing_is_lost(bench);
        });
        INFO(report.text());
        CHECK_FALSE(report.found());
    }
    std::cout << run << " run, " << name_of(state) << ": each of " << calls
              << " calls of the store failed once\n";
    has_not_shrunk("calls of the store: " + run + " run", static_cast<std::size_t>(calls));
}

}  // namespace

TEST_CASE("whichever_call_of_the_store_fails_before_a_kill_nothing_is_lost", "[faults]") {
    survives(Failing::first_run, StoreState::failed);
    survives(Failing::first_run, StoreState::locked);
}

TEST_CASE("whichever_call_of_the_store_fails_after_a_kill_nothing_is_lost", "[faults]") {
    survives(Failing::second_run, StoreState::failed);
    survives(Failing::second_run, StoreState::locked);
}

}  // namespace regwatch::sim
