// An engine in a simulated world, with two actions that hold it to its word.
//
// Built and destroyed inside a run.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine.h"
#include "sim/random_runs.h"
#include "sim/watch_bench.h"

namespace regwatch::sim {

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

    // One watch, "test", whose changes go to both actions unless told otherwise.
    static Settings settings_for(std::vector<KeyPath> keys,
                                 std::vector<std::string> actions = {"first", "second"}) {
        Settings settings;
        WatchSettings watch;
        watch.name = "test";
        watch.keys = std::move(keys);
        watch.actions = std::move(actions);
        settings.watches = {watch};
        return settings;
    }
    void make(std::vector<KeyPath> keys) { make(settings_for(std::move(keys))); }
    void make(const Settings& settings) {
        EngineOptions options;
        options.ready_made_actions["first"] = std::make_unique<TestAction>(first);
        options.ready_made_actions["second"] = std::make_unique<TestAction>(second);
        engine = std::move(Engine::create(settings, std::move(options), ports)).value();
    }
    StopReport stop(Duration deadline = std::chrono::seconds(5)) {
        const StopReport report = engine->stop(deadline);
        first.stopped = second.stopped = true;
        return report;
    }
    bool reload(const Settings& settings) { return engine->reload(settings).ok(); }

    SimPlatform platform;
    Platform ports = platform.ports();
    TestAction::Record first;
    TestAction::Record second;
    std::unique_ptr<Engine> engine;
};

// What kKey has under this name; nothing: no such value, or no such key.
inline std::optional<ValueData> value_of(const EngineBench& bench, std::u16string_view name) {
    const auto key = bench.platform.kernel.look(kKey, false);
    if (!key) return std::nullopt;
    for (const ValueView value : key->values) {
        if (value.name == name) return ValueData(value.data);
    }
    return std::nullopt;
}

inline void holds(const std::string& name, const std::function<void(EngineBench&)>& body,
                  std::size_t schedules = 5'000) {
    holds_at_random(name, body, schedules);
}

}  // namespace regwatch::sim
