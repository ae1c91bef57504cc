// What outlives the process: killed at any moment, changed while it was stopped, a store that fails.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine.h"
#include "sim/watch_bench.h"
#include "state/memory_store.h"
#include "support/faulting_store.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

// The store as a process sees it that may be killed: from then on nothing it does has an effect.
class MortalStore final : public test::FaultingStore {
public:
    MortalStore(Store& store, const bool& dead) : FaultingStore(store), dead_(dead) {}
    Result<void> commit(const StoreBatch& batch) override {
        switch_point("before the commit");
        auto done = dead_ ? Result<void>() : FaultingStore::commit(batch);
        switch_point("after the commit");
        return done;
    }

private:
    const bool& dead_;
};

struct RestartBench {
    explicit RestartBench(const KernelRules& rules) : platform({rules, 2, 2}) {
        watch.name = "test";
        watch.keys = {key_path(u"A\\K")};
        watch.actions = {"log"};
    }

    // What it was given, over all runs of the process.
    class Log final : public Action {
    public:
        explicit Log(RestartBench& bench) : bench_(bench) {}
        std::optional<ActionFailure> deliver(const Change& change) override {
            switch_point("acting");
            if (bench_.hang) {
                Scheduler::current()->wait_until("hanging", [&] { return !bench_.hang; });
                return ActionFailure{EventId::program_failed, "It was cancelled."};
            }
            if (!bench_.dead) bench_.take(change);
            return std::nullopt;
        }
        void cancel() noexcept override { bench_.hang = false; }

    private:
        RestartBench& bench_;
    };

    void take(const Change& change) {
        const auto [known, is_new] = ids.emplace(change.sequence, change.id);
        check(is_new || known->second == change.id, "one number for two changes");
        if (!is_new) return;
        check(ids.rbegin()->first == change.sequence, "out of order");
        changes.push_back(change);
    }

    void start(StoreState store_state = StoreState::ready) {
        dead = false;
        hang = false;
        mortal = std::make_unique<MortalStore>(store, dead);
        mortal->fail_all(store_state);
        Settings settings;
        settings.watches = {watch};
        EngineOptions options;
        options.store = mortal.get();
        options.ready_made_actions["log"] = std::make_unique<Log>(*this);
        engine = std::move(Engine::create(settings, std::move(options), ports)).value();
        engine->start();
    }
    void stop() {
        check(engine->stop(5s).undelivered == 0, "something was lost at the stop");
        engine.reset();
    }
    void kill() {
        dead = true;
        hang = false;
        engine.reset();
    }
    static void settle() { Scheduler::current()->settle(); }

    // Every number up to the last was delivered, and the last of the value is what is there.
    void nothing_is_lost(const ValueData& now) const {
        check(!changes.empty() && changes.back().after == now, "the last state was not delivered");
        check(ids.size() == ids.rbegin()->first, "a number is missing");
    }

    SimPlatform platform;
    Platform ports = platform.ports();
    MemoryStore store;
    WatchSettings watch;
    bool dead = false;
    bool hang = false;
    std::map<std::uint64_t, std::string> ids;
    std::vector<Change> changes;
    std::unique_ptr<MortalStore> mortal;
    std::unique_ptr<Engine> engine;
};

void holds(const std::string& name, const std::function<void(RestartBench&)>& body,
           std::size_t schedules = 600) {
    holds_at_random(name, body, schedules);
}

const KeyPath kKey = key_path(u"A\\K");

}  // namespace

TEST_CASE("killed_at_any_moment_nothing_is_lost_and_no_number_is_missing", "[restart]") {
    holds(
        "kill",
        [](RestartBench& bench) {
            bench.platform.kernel.create_key(kKey);
            bench.start();
            {
                Thread writer("writer", [&] {
                    for (std::uint8_t i = 1; i <= 3; ++i) {
                        bench.platform.kernel.set_value(kKey, u"v", dword(i));
                    }
                });
                Thread killer("killer", [&] {
                    const std::size_t wait = choose(8, "when to kill");
                    for (std::size_t i = 0; i < wait; ++i) switch_point("living on");
                    bench.dead = true;
                });
            }
            bench.kill();
            bench.start();
            bench.settle();
            bench.nothing_is_lost(dword(3));
            bench.stop();
        },
        3'000);
}

TEST_CASE("what_changed_while_it_was_stopped_is_reported_as_startup_with_its_time_bounds",
          "[restart]") {
    holds("startup", [](RestartBench& bench) {
        bench.platform.kernel.create_key(kKey);
        bench.platform.kernel.set_value(kKey, u"v", dword(1));
        bench.start();
        bench.settle();
        check(bench.changes.empty(), "the first start is the baseline");
        bench.stop();
        const WallTime stopped = bench.platform.kernel.wall_now();
        bench.platform.kernel.set_value(kKey, u"v", dword(2));
        bench.start();
        bench.settle();
        check(bench.changes.size() == 1, "not one change");
        const Change& change = bench.changes.front();
        check(change.before == dword(1) && change.after == dword(2), "another change");
        check(change.detection == Detection::startup, "not said to be found at the start");
        check(change.not_before != WallTime{} && change.not_before <= stopped, "a wrong bound");
        bench.stop();
        bench.start();
        bench.settle();
        check(bench.changes.size() == 1, "reported twice");
        bench.stop();
    });
}

TEST_CASE("keys_that_come_and_go_below_a_pattern_while_it_was_stopped_are_reported", "[restart]") {
    holds("pattern", [](RestartBench& bench) {
        bench.watch.keys = {key_path(u"P\\*")};
        bench.platform.kernel.create_key(key_path(u"P\\Old"));
        bench.start();
        bench.settle();
        bench.stop();
        bench.platform.kernel.delete_key(key_path(u"P\\Old"));
        bench.platform.kernel.create_key(key_path(u"P\\New"));
        bench.start();
        bench.settle();
        std::set<std::u16string> seen;
        for (const Change& change : bench.changes) {
            check(change.detection == Detection::startup, "not said to be found at the start");
            seen.insert((change.kind == DifferenceKind::key_created ? u"+" : u"-") +
                        change.key.subkey);
        }
        check(seen == std::set<std::u16string>{u"+P\\New", u"-P\\Old"}, "not both, or more");
        bench.stop();
    });
}

TEST_CASE("what_an_action_was_still_owed_is_delivered_after_the_next_start", "[restart]") {
    holds("owed", [](RestartBench& bench) {
        bench.platform.kernel.create_key(kKey);
        bench.start();
        bench.hang = true;
        for (std::uint8_t i = 1; i <= 2; ++i) {
            bench.platform.kernel.set_value(kKey, u"v", dword(i));
            bench.settle();
        }
        check(bench.changes.empty(), "delivered although the action hangs");
        bench.stop();
        check(bench.changes.empty(), "delivered although it was cancelled");
        bench.start();
        bench.settle();
        bench.nothing_is_lost(dword(2));
        check(bench.changes.size() == 2, "not both");
        bench.stop();
        check(bench.store.counts()->pending == 0, "something is owed for ever");
    });
}

TEST_CASE("while_the_store_fails_changes_are_delivered_and_it_is_said_once", "[restart]") {
    holds("failing store", [](RestartBench& bench) {
        bench.platform.kernel.create_key(kKey);
        bench.start();
        bench.settle();
        bench.mortal->fail_all(StoreState::full);
        for (std::uint8_t i = 1; i <= 2; ++i) {
            bench.platform.kernel.set_value(kKey, u"v", dword(i));
            bench.settle();
        }
        bench.platform.kernel.set_value(kKey, u"w", dword(3));
        bench.settle();
        bench.nothing_is_lost(dword(3));
        check(bench.platform.journal.count(EventId::state_not_kept) == 1, "not said once");
        check(bench.engine->status().store == StoreState::full, "the state has no name");
        bench.mortal->fail_all(StoreState::ready);
        bench.platform.kernel.set_value(kKey, u"v", dword(4));
        Scheduler::current()->sleep_for(2min);
        bench.settle();
        check(bench.platform.journal.count(EventId::state_kept_again) == 1, "the end is not told");
        bench.platform.kernel.set_value(kKey, u"v", dword(5));
        bench.settle();
        bench.stop();
        check(bench.store.history({})->size() == 5, "not all is in the history");
        bench.start();
        bench.settle();
        check(bench.changes.size() == 5, "the baseline missed something");
        bench.stop();
    });
}

TEST_CASE("a_baseline_that_cannot_be_read_at_the_start_is_compared_when_it_can", "[restart]") {
    holds("late comparison", [](RestartBench& bench) {
        bench.platform.kernel.create_key(kKey);
        bench.platform.kernel.set_value(kKey, u"v", dword(1));
        bench.start();
        bench.settle();
        bench.stop();
        bench.platform.kernel.set_value(kKey, u"v", dword(2));
        bench.start(StoreState::locked);
        bench.settle();
        check(bench.changes.empty(), "compared with nothing");
        bench.mortal->fail_all(StoreState::ready);
        Scheduler::current()->sleep_for(2min);
        bench.settle();
        bench.platform.kernel.set_value(kKey, u"w", dword(7));
        bench.settle();
        std::set<std::u16string> names;
        for (const Change& change : bench.changes) names.insert(change.value_name);
        check(names == std::set<std::u16string>{u"v", u"w"}, "what changed before is absorbed");
        bench.stop();
    });
}

}  // namespace regwatch::sim
