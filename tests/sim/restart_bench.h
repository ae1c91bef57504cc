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
#include "support/memory_mark.h"

namespace regwatch::sim {

// Of a process: once dead, nothing it does has an effect. It may die at one of the moments around what
// outlives it.
struct Life {
    bool dead = false;
    std::uint64_t moments = 0;
    std::uint64_t dies_at = 0;  // 0: never by itself

    void moment(const char* where) {
        switch_point(where);
        if (++moments == dies_at) dead = true;
    }
};

// The store as a process sees it that may be killed.
class MortalStore final : public test::FaultingStore {
public:
    MortalStore(Store& store, Life& life) : FaultingStore(store), life_(life) {}
    Result<StoreOpened> open() override { return noted(FaultingStore::open()); }
    Result<std::vector<SharedChange>> pending(const std::string& action, std::uint64_t after,
                                              std::size_t limit) override {
        return noted(FaultingStore::pending(action, after, limit));
    }
    // What was owed could not be read at least once.
    [[nodiscard]] bool was_blind() const noexcept { return was_blind_; }

    Result<void> commit(const StoreBatch& batch) override {
        life_.moment("before the commit");
        auto done = life_.dead ? Result<void>() : FaultingStore::commit(batch);
        life_.moment("after the commit");
        return done;
    }

private:
    template <typename T>
    Result<T> noted(Result<T> read) {
        was_blind_ = was_blind_ || !read;
        return read;
    }

    Life& life_;
    bool was_blind_ = false;
};

// And the mark.
class MortalMark final : public NumberMark {
public:
    MortalMark(NumberMark& mark, Life& life) : mark_(mark), life_(life) {}
    Result<std::optional<NumbersMarked>> read() override { return mark_.read(); }
    Result<void> write(const NumbersMarked& marked) override {
        life_.moment("before the mark");
        auto done = life_.dead ? Result<void>() : mark_.write(marked);
        life_.moment("after the mark");
        return done;
    }

private:
    NumberMark& mark_;
    Life& life_;
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
            bench_.life.moment("acting");
            if (bench_.hang) {
                Scheduler::current()->wait_until("hanging", [&] { return !bench_.hang; });
                return ActionFailure{EventId::program_failed, "It was cancelled."};
            }
            if (!bench_.dead) bench_.take(change);
            bench_.life.moment("acted");
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
        check(known->second == change.id, "one number for two changes");
        if (!is_new) return;
        // What cannot be read is not waited for.
        check(ids.rbegin()->first == change.sequence || mortal->was_blind(), "out of order");
        changes.push_back(change);
    }

    void start(StoreState store_state = StoreState::ready) {
        life = {};
        hang = false;
        mortal = std::make_unique<MortalStore>(store, life);
        mortal_mark = std::make_unique<MortalMark>(mark, life);
        mortal->fail_all(store_state);
        if (failing_call != 0) mortal->fail_nth(failing_call, failing_with);
        EngineOptions options;
        options.store = mortal.get();
        options.mark = mortal_mark.get();
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

    // Numbers between two of the history, and how often it was told that some will not be given.
    [[nodiscard]] std::size_t gaps() {
        const auto history = store.history({});
        std::size_t gaps = 0;
        std::uint64_t last = 0;
        for (const SharedChange& change : *history)
            gaps += std::exchange(last, change->sequence) + 1 == change->sequence ? 0 : 1;
        return gaps;
    }
    [[nodiscard]] std::size_t gaps_told() const {
        return platform.journal.count(EventId::numbers_skipped);
    }

    // Every number up to the last was delivered, and the last of the value is what is there.
    void nothing_is_lost(const ValueData& now) const {
        check(!changes.empty() && changes.back().after == now, "the last state was not delivered");
        check(ids.size() == ids.rbegin()->first, "a number is missing");
    }

    SimPlatform platform;
    Platform ports = platform.ports();
    MemoryStore store;
    MemoryStore another_store;
    test::MemoryMark mark;
    WatchSettings watch;
    StateSettings state;
    std::uint64_t failing_call = 0;  // of the store, in the next run; 0: none
    StoreState failing_with = StoreState::failed;
    Life life;
    bool& dead = life.dead;
    bool hang = false;
    std::map<std::uint64_t, std::string> ids;
    std::set<std::string> unnumbered;  // ids
    std::vector<Change> changes;
    std::unique_ptr<MortalStore> mortal;
    std::unique_ptr<MortalMark> mortal_mark;
    std::unique_ptr<Engine> engine;
};

inline void holds(const std::string& name, const std::function<void(RestartBench&)>& body,
                  std::size_t schedules = 600) {
    holds_at_random(name, body, schedules);
}

}  // namespace regwatch::sim
