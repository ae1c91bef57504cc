// Looks are paced by their own cost: a watch never takes more than a quarter of a processor for long.
#include "sim/scenario.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

// Each look takes a second.
void watch_slowly(WatchBench& bench, std::vector<SteadyTime>& begun) {
    bench.kernel().create_key(kKey);
    bench.client.on_delivery = [&] {
        begun.push_back(world().now());
        world().sleep_for(1s);
    };
    bench.watch(kKey);
}

}  // namespace

TEST_CASE("after_a_look_that_took_long_the_next_one_waits_three_times_as_long", "[pace]") {
    holds("paced", {.random = 500, .adjust = without_latch}, [](WatchBench& bench) {
        std::vector<SteadyTime> begun;
        watch_slowly(bench, begun);
        bench.write([&] {
            for (std::uint8_t i = 1; i < 4; ++i) {
                bench.kernel().set_value(kKey, u"v", dword(i));
                world().sleep_for(500ms);
            }
            world().sleep_for(20s);
        });
        bench.settled();
        check(begun.size() >= 2, "the change was not looked at");
        for (std::size_t i = 1; i < begun.size(); ++i) {
            check(begun[i] - begun[i - 1] >= 4s, "a look began too early");
        }
        bench.client.on_delivery = nullptr;
    });
}

TEST_CASE("changes_within_the_debounce_are_one_and_what_is_undone_by_then_is_none", "[pace]") {
    holds("gathered", {.random = 500, .adjust = without_latch}, [](WatchBench& bench) {
        bench.kernel().create_key(kKey);
        bench.debounce = 1s;
        bench.watch(kKey);
        world().sleep_for(3s);  // what the start brought is looked at
        const std::size_t before = bench.client.looks;
        bench.write([&] {
            for (std::uint8_t i = 1; i < 4; ++i) {
                bench.kernel().set_value(kKey, u"v", dword(i));
                world().sleep_for(100ms);
            }
            bench.kernel().delete_value(kKey, u"v");
            bench.kernel().set_value(kKey, u"other", dword(1));
            world().sleep_for(2s);
        });
        bench.settled();
        // Of what comes between the first signal and the look another signal tells, for nothing.
        check(bench.client.looks <= before + 2, "not gathered into one look");
        check(bench.client.differences.size() == 1, "what was undone is reported");
    });
}

TEST_CASE("somebody_who_writes_all_the_time_puts_a_look_off_no_longer_than_the_debounce",
          "[pace]") {
    holds("steady writer", {.random = 500, .adjust = without_latch}, [](WatchBench& bench) {
        bench.kernel().create_key(kKey);
        bench.debounce = 1s;
        bench.watch(kKey);
        world().sleep_for(3s);
        const std::size_t before = bench.client.looks;
        bench.write([&] {
            for (std::uint8_t i = 0; i < 8; ++i) {
                bench.kernel().set_value(kKey, u"v", dword(i));
                world().sleep_for(300ms);
            }
            world().sleep_for(2s);
        });
        bench.settled();
        check(bench.client.looks >= before + 2, "put off by the writer");
        check(bench.client.looks <= before + 5, "not gathered");
    });
}

TEST_CASE("close_while_a_look_waits_for_its_turn_is_the_end", "[pace]") {
    holds("close before the turn of a look",
          {.random = 500, .adjust = without_latch, .timers_at_any_time = true},
          [](WatchBench& bench) {
              std::vector<SteadyTime> begun;
              watch_slowly(bench, begun);
              world().sleep_for(2s);
              bench.write([&] { bench.kernel().set_value(kKey, u"v", dword(1)); });
              world().sleep_for(2500ms);
              bench.close();
              bench.writers.clear();
              world().sleep_for(10s);
          });
}

}  // namespace regwatch::sim
