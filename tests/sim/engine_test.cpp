// The whole machine under every schedule: start, change, deliver, stop, in any order that threads allow.
#include "engine.h"

#include <catch2/catch_test_macros.hpp>

#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "sim/watch_bench.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

// Keeps what it gets; hangs from a given change on, until it is cancelled.
class TestAction final : public Action {
public:
    struct Record {
        std::vector<std::uint64_t> sequences;
        std::map<std::u16string, std::uint64_t> last_of_key;
        std::optional<ValueData> last;
        bool stopped = false;
        bool cancelled = false;
        std::size_t hang_from = static_cast<std::size_t>(-1);
    };

    explicit TestAction(Record& record) : record_(record) {}

    std::optional<ActionFailure> deliver(const Change& change) override {
        check(!record_.stopped, "a change was delivered after stop() had returned");
        switch_point("acting");
        if (record_.sequences.size() >= record_.hang_from) {
            Scheduler::current()->wait_until("hanging", [&] { return record_.cancelled; });
        }
        // Looks at different keys run side by side; what is promised is the order of each key.
        auto& last = record_.last_of_key[change.key.folded()];
        check(last < change.sequence, "out of order");
        last = change.sequence;
        record_.sequences.push_back(change.sequence);
        record_.last = change.after;
        return std::nullopt;
    }
    void cancel() noexcept override { record_.cancelled = true; }

private:
    Record& record_;
};

struct EngineBench {
    explicit EngineBench(const KernelRules& rules) : platform({rules, 2, 2}) {}

    void make(std::vector<KeyPath> keys) {
        Settings settings;
        WatchSettings watch;
        watch.name = "test";
        watch.keys = std::move(keys);
        watch.actions = {"first", "second"};
        settings.watches = {watch};
        EngineOptions options;
        options.ready_made_actions["first"] = std::make_unique<TestAction>(first);
        options.ready_made_actions["second"] = std::make_unique<TestAction>(second);
        engine = std::move(Engine::create(settings, std::move(options), ports)).value();
    }
    StopReport stop(Duration deadline = 5s) {
        const StopReport report = engine->stop(deadline);
        first.stopped = second.stopped = true;
        return report;
    }

    SimPlatform platform;
    Platform ports = platform.ports();
    TestAction::Record first;
    TestAction::Record second;
    std::unique_ptr<Engine> engine;
};

void holds(const std::string& name, const std::function<void(EngineBench&)>& body) {
    for (const KernelRules& rules : {windows_rules(), wine_rules()}) {
        ExploreOptions options;
        options.name = name + " (" + rules.name + ")";
        options.search = ExploreOptions::Search::random;
        options.scheduler.locks_are_points = true;
        options.max_schedules = 5'000;
        const Report report = explore(options, [&] {
            EngineBench bench(rules);
            body(bench);
        });
        std::cout << report << '\n';
        INFO(report.text());
        CHECK_FALSE(report.found());
        CHECK(report.schedules == options.max_schedules);
    }
}

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
            check(bench.engine->status().changes == i, "a look waits for an action");
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
