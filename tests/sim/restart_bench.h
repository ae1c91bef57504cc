// An engine that is killed, stopped and started again, on a store that outlives it and may fail.
//
// Built and destroyed inside a run.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine.h"
#include "sim/random_runs.h"
#include "sim/watch_bench.h"
#include "state/memory_store.h"
#include "support/faulting_store.h"

namespace regwatch::sim {

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
        if (change.sequence == 0) {
            if (unnumbered.insert(change.id).second) changes.push_back(change);
            return;
        }
        const auto [known, is_new] = ids.emplace(change.sequence, change.id);
        const bool is_other = std::exchange(known->second, change.id) != change.id;
        check(!is_other || may_number_twice, "one number for two changes");
        if (!is_new && !is_other) return;
        check(!is_new || ids.rbegin()->first == change.sequence, "out of order");
        changes.push_back(change);
    }

    void start(StoreState store_state = StoreState::ready) {
        dead = false;
        hang = false;
        mortal = std::make_unique<MortalStore>(store, dead);
        mortal->fail_all(store_state);
        if (failing_call != 0) mortal->fail_nth(failing_call, failing_with);
        EngineOptions options;
        options.store = mortal.get();
        options.ready_made_actions["log"] = std::make_unique<Log>(*this);
        engine = std::move(Engine::create(settings(), std::move(options), ports)).value();
        engine->start();
    }
    [[nodiscard]] Settings settings() const {
        Settings settings;
        settings.watches = {watch};
        settings.state = state;
        return settings;
    }
    void reload() { check(engine->reload(settings()).ok(), "refused"); }
    void stop() {
        check(engine->stop(std::chrono::seconds(5)).undelivered == 0,
              "something was lost at the stop");
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
    MemoryStore another_store;
    WatchSettings watch;
    StateSettings state;
    std::uint64_t failing_call = 0;  // of the store, in the next run; 0: none
    StoreState failing_with = StoreState::failed;
    // Killed before it could write down what it had handed on, it gives out those numbers again.
    bool may_number_twice = false;
    bool dead = false;
    bool hang = false;
    std::map<std::uint64_t, std::string> ids;
    std::set<std::string> unnumbered;  // ids
    std::vector<Change> changes;
    std::unique_ptr<MortalStore> mortal;
    std::unique_ptr<Engine> engine;
};

inline void holds(const std::string& name, const std::function<void(RestartBench&)>& body,
                  std::size_t schedules = 600) {
    holds_at_random(name, body, schedules);
}

}  // namespace regwatch::sim
