// The whole machine under every schedule: start, change, deliver, stop, in any order that threads allow.
#include "engine.h"

#include <catch2/catch_test_macros.hpp>

#include "sim/engine_bench.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

}  // namespace

TEST_CASE("start_returns_when_every_key_is_watched_or_waited_for", "[engine]") {
    holds("start", [](EngineBench& bench) {
        bench.platform.kernel.create_key(key_path(u"A\\K"));
        bench.platform.kernel.create_key(key_path(u"P\\One"));
        bench.make({key_path(u"A\\K"), key_path(u"A\\Missing"), key_path(u"P\\*")});
        bench.engine->start();
        const EngineStatus status = bench.engine->status();
        check(status.watches.size() == 3, "not one status per key");
        for (const WatchStatus& watch : status.watches) {
            check(watch.state == WatchState::watching || watch.state == WatchState::waiting,
                  "started before it was watching");
        }
        check(status.registrations > 0, "nothing was registered");
        check(status.registrations_elsewhere == 0, "registered off the persistent thread");
        bench.stop();
    });
}

TEST_CASE("every_change_after_the_start_is_delivered_to_every_action_in_order", "[engine]") {
    holds("deliver", [](EngineBench& bench) {
        bench.platform.kernel.create_key(key_path(u"A\\K"));
        bench.make({key_path(u"A\\K")});
        bench.engine->start();
        for (std::uint8_t i = 1; i <= 3; ++i) {
            bench.platform.kernel.set_value(key_path(u"A\\K"), u"v", dword(i));
        }
        Scheduler::current()->settle();
        check(bench.first.last == dword(3), "the last state was not delivered");
        check(bench.second.sequences == bench.first.sequences, "the actions got different changes");
        check(bench.stop().undelivered == 0, "something was not delivered");
    });
}

TEST_CASE("a_key_that_fits_a_pattern_is_reported_when_it_appears", "[engine]") {
    holds("pattern", [](EngineBench& bench) {
        bench.platform.kernel.create_key(key_path(u"P"));
        bench.make({key_path(u"P\\K*\\Sub")});
        bench.engine->start();
        bench.platform.kernel.create_key(key_path(u"P\\K1\\Sub"));
        bench.platform.kernel.set_value(key_path(u"P\\K1\\Sub"), u"v", dword(1));
        bench.platform.kernel.create_key(key_path(u"P\\Other\\Sub"));
        bench.platform.kernel.set_value(key_path(u"P\\Other\\Sub"), u"v", dword(2));
        Scheduler::current()->settle();
        check(bench.first.last == dword(1), "the value of the new key was not delivered");
        bench.stop();
    });
}

TEST_CASE("stop_at_any_time_ends_everything_and_nothing_is_delivered_after_it", "[engine]") {
    holds("stop in a burst", [](EngineBench& bench) {
        bench.platform.kernel.create_key(key_path(u"A\\K"));
        bench.make({key_path(u"A\\K")});
        Thread writer("writer", [&] {
            for (std::uint8_t i = 1; i <= 4; ++i) {
                bench.platform.kernel.set_value(key_path(u"A\\K"), u"v", dword(i));
            }
        });
        bench.engine->start();
        const StopReport report = bench.stop();
        check(report.in_time, "not in time although nothing hangs");
        check(report.undelivered == 0, "given up although there was time");
        check(report.changes == bench.first.sequences.size(), "found, and lost on the way");
        writer.join();
        Scheduler::current()->settle();
        check(bench.platform.kernel.counts().open_keys == 0, "a key is still open");
    });
}

TEST_CASE("stop_during_start_lets_both_return", "[engine]") {
    holds("stop during start", [](EngineBench& bench) {
        bench.platform.kernel.create_key(key_path(u"A\\K"));
        bench.make({key_path(u"A\\K"), key_path(u"A\\Missing\\K")});
        Thread starter("starter", [&] { bench.engine->start(); });
        bench.stop();
        starter.join();
        Scheduler::current()->settle();
        check(bench.platform.kernel.counts().open_keys == 0, "a key is still open");
    });
}

TEST_CASE("an_action_that_hangs_delays_no_other_and_is_cancelled_at_the_deadline", "[engine]") {
    holds("hanging action", [](EngineBench& bench) {
        bench.platform.kernel.create_key(key_path(u"A\\K"));
        bench.first.hang_from = 0;
        bench.make({key_path(u"A\\K")});
        bench.engine->start();
        bench.platform.kernel.set_value(key_path(u"A\\K"), u"v", dword(1));
        Scheduler::current()->settle();
        bench.platform.kernel.set_value(key_path(u"A\\K"), u"v", dword(2));
        Scheduler::current()->settle();
        check(bench.second.last == dword(2), "the other action was delayed");
        const StopReport report = bench.stop();
        check(!report.in_time, "in time although an action hung");
        check(report.undelivered == 2, "what was not delivered is not counted");
        check(bench.first.cancelled, "the hanging action was not cancelled");
    });
}

TEST_CASE("stop_while_a_pattern_finds_keys_leaves_none_of_them_open", "[engine]") {
    holds("stop while a pattern finds keys", [](EngineBench& bench) {
        bench.platform.kernel.create_key(key_path(u"P"));
        bench.make({key_path(u"P\\*")});
        bench.engine->start();
        Thread writer("writer", [&] {
            bench.platform.kernel.create_key(key_path(u"P\\One"));
            bench.platform.kernel.create_key(key_path(u"P\\Two"));
        });
        bench.stop();
        writer.join();
        Scheduler::current()->settle();
        check(bench.platform.kernel.counts().open_keys == 0, "a key is still open");
    });
}

TEST_CASE("actions_that_hang_on_every_thread_delay_no_look", "[engine]") {
    holds("all actions hang", [](EngineBench& bench) {
        bench.platform.kernel.create_key(key_path(u"A\\K"));
        bench.first.hang_from = bench.second.hang_from = 0;
        bench.make({key_path(u"A\\K")});
        bench.engine->start();
        for (std::uint8_t i = 1; i <= 3; ++i) {
            bench.platform.kernel.set_value(key_path(u"A\\K"), u"v", dword(i));
            Scheduler::current()->settle();
            check(bench.engine->status().counts.changes == i, "a look waits for an action");
        }
        check(!bench.stop().in_time, "in time although all actions hung");
        check(bench.first.cancelled && bench.second.cancelled, "not both were cancelled");
    });
}

TEST_CASE("an_action_that_waits_for_the_stop_is_cancelled_and_the_second_stop_does_nothing",
          "[engine]") {
    holds("stop, and stop again", [](EngineBench& bench) {
        bench.platform.kernel.create_key(key_path(u"A\\K"));
        bench.first.hang_from = 0;  // as a script that stops the service and waits for it
        bench.make({key_path(u"A\\K")});
        bench.engine->start();
        bench.platform.kernel.set_value(key_path(u"A\\K"), u"v", dword(1));
        Scheduler::current()->settle();
        const SteadyTime begin = Scheduler::current()->now();
        check(!bench.stop(5s).in_time, "in time although an action hung");
        check(Scheduler::current()->now() - begin == 5s, "not at the deadline");
        check(bench.stop(5s).undelivered == 0, "given up twice");
        check(Scheduler::current()->now() - begin == 5s, "the second stop waited");
    });
}

}  // namespace regwatch::sim
