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

std::u16string named(std::uint8_t letter) { return std::u16string(1, letter); }

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
    check(bench.gaps() <= bench.gaps_told(), "a number is missing");
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

// Changes before, in and after a time in which the store cannot be written, with an end at one moment; the
// next run may not be able to read the store at first either.
void die_in_trouble(RestartBench& bench, std::uint64_t moment, StoreState next,
                    std::uint64_t& moments) {
    bench.platform.kernel.create_key(kKey);
    bench.start();
    bench.settle();
    // From here on there is a baseline.
    bench.life.moments = 0;
    bench.life.dies_at = moment;
    const auto change = [&](std::uint8_t name) {
        bench.platform.kernel.set_value(kKey, named(name), dword(name));
        bench.settle();
    };
    change('a');
    bench.mortal->fail_all(StoreState::full);
    change('b');
    change('c');
    bench.mortal->fail_all(StoreState::ready);
    pass_the_trouble();
    change('d');
    moments = std::max(moments, bench.life.moments);
    bench.kill();
    bench.start(next);
    change('e');
    change('f');
    bench.mortal->fail_all(StoreState::ready);
    pass_the_trouble();
    change('g');
    bench.stop();
    for (std::uint8_t name = 'a'; name <= 'g'; ++name)
        check(was_delivered(bench, named(name), dword(name)), "a change was lost");
    check(bench.gaps() <= bench.gaps_told(), "a number is missing");
    check(bench.unnumbered.empty(), "without a number although it could be set aside");
}

void numbers_survive(StoreState next) {
    std::uint64_t moments = 0;
    for (std::uint64_t moment = 0; moment <= moments; ++moment) {
        ExploreOptions options;
        options.name = "killed at moment " + std::to_string(moment) + ", then " + name_of(next);
        options.search = ExploreOptions::Search::random;
        options.max_schedules = sample_of(20);
        const Report report = explore(options, [&] {
            RestartBench bench(windows_rules());
            die_in_trouble(bench, moment, next, moments);
        });
        INFO(report.text());
        CHECK_FALSE(report.found());
    }
    std::cout << "killed at each of " << moments << " moments, then " << name_of(next) << '\n';
    CHECK(moments > 20);
}

}  // namespace

TEST_CASE("at_whichever_moment_of_trouble_it_is_killed_no_number_is_given_twice", "[faults]") {
    numbers_survive(StoreState::ready);
    numbers_survive(StoreState::locked);
}

TEST_CASE("whichever_call_of_the_store_fails_before_a_kill_nothing_is_lost", "[faults]") {
    survives(Failing::first_run, StoreState::failed);
    survives(Failing::first_run, StoreState::locked);
}

TEST_CASE("whichever_call_of_the_store_fails_after_a_kill_nothing_is_lost", "[faults]") {
    survives(Failing::second_run, StoreState::failed);
    survives(Failing::second_run, StoreState::locked);
}

}  // namespace regwatch::sim
