// Putting back and putting right over a stop, a kill and a restart: what was written is recognised, whoever
// was given in to stays it, and nothing is written once a stop has begun.
#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include "action/restorer.h"
#include "platform/posix_append_file.h"
#include "sim/restart_bench.h"

namespace regwatch::sim {
namespace {

using namespace std::chrono_literals;

// What a process that may be killed writes: nothing after that.
class MortalWriter final : public RegistryWriter {
public:
    MortalWriter(RegistryWriter& writer, const bool& dead) : writer_(writer), dead_(dead) {}

    Result<void> set_value(const KeyPath& key, std::u16string_view name,
                           const ValueData& data) override {
        if (dead_) return none();
        ++writings;
        return writer_.set_value(key, name, data);
    }
    Result<void> delete_value(const KeyPath& key, std::u16string_view name) override {
        return dead_ ? none() : writer_.delete_value(key, name);
    }
    Result<void> create_key(const KeyPath& key) override {
        return dead_ ? none() : writer_.create_key(key);
    }
    Result<void> delete_key(const KeyPath& key) override {
        return dead_ ? none() : writer_.delete_key(key);
    }

    std::size_t writings = 0;  // of values, begun

private:
    static Result<void> none() { return make_error(ErrorKind::invalid, "writing", "when dead"); }
    RegistryWriter& writer_;
    const bool& dead_;
};

class MortalFiles final : public FileSystem {
public:
    explicit MortalFiles(const bool& dead) : dead_(dead) {}
    Result<std::string> expand(const std::string& path) override { return files_.expand(path); }
    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override {
        if (dead_) return make_error(ErrorKind::invalid, "opening", "when dead");
        return files_.open_append(path);
    }

private:
    PosixFiles files_;
    const bool& dead_;
};

// Takes its time over a commit, when told so.
class SlowStore final : public test::FaultingStore {
public:
    SlowStore(Store& store, const Duration& delay) : FaultingStore(store), delay_(delay) {}
    Result<void> commit(const StoreBatch& batch) override {
        if (delay_ > Duration::zero()) Scheduler::current()->sleep_for(delay_);
        return FaultingStore::commit(batch);
    }

private:
    const Duration& delay_;
};

// An engine with a watch on the key of most scenarios and an action that puts back what changes.
struct PuttingBackBench {
    explicit PuttingBackBench(const KernelRules& rules)
        : platform({rules, 2, 2}),
          folder(std::filesystem::temp_directory_path() /
                 ("regwatch-sim-" + std::to_string(std::random_device()()))) {
        watch.name = "test";
        watch.keys = {kKey};
        watch.actions = {"back"};
        platform.kernel.create_key(kKey);
        set(1);
    }
    ~PuttingBackBench() {
        engine.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    PuttingBackBench(const PuttingBackBench&) = delete;
    PuttingBackBench& operator=(const PuttingBackBench&) = delete;

    void start() {
        life.dead = false;
        mortal = std::make_unique<MortalStore>(slow, life);
        Settings settings;
        settings.watches = {watch};
        settings.actions = {{.name = "back", .what = RestoreSettings{}}};
        EngineOptions options;
        options.store = mortal.get();
        options.context.data_directory = folder.string();
        engine = std::move(Engine::create(settings, std::move(options), ports)).value();
        engine->start();
    }
    StopReport stop() {
        const StopReport report = engine->stop(5s);
        engine.reset();
        return report;
    }
    void kill() {
        life.dead = true;
        engine.reset();
    }

    void set(std::uint8_t number) { platform.kernel.set_value(kKey, u"v", dword(number)); }
    [[nodiscard]] bool is(std::uint8_t number) {
        const auto key = platform.kernel.look(kKey, false);
        if (!key) return false;
        for (const ValueView value : key->values) {
            if (value.name == u"v") return ValueData(value.data) == dword(number);
        }
        return false;
    }
    // Somebody else writes it, and time goes by.
    void rival_sets(std::uint8_t number) {
        set(number);
        let_pass(2s);
    }
    [[nodiscard]] std::size_t told(EventId id) const { return platform.journal.count(id); }

    SimPlatform platform;
    const std::filesystem::path folder;
    Life life;
    Duration commit_takes{};
    MemoryStore store;
    SlowStore slow{store, commit_takes};
    MortalWriter writer{platform.registry_writer, life.dead};
    MortalFiles files{life.dead};
    Platform ports{platform.registry,      platform.persistent_thread,
                   platform.look_executor, platform.action_executor,
                   platform.clock,         files,
                   platform.processes,     platform.event_log,
                   platform.journal,       writer,
                   platform.program_files};
    WatchSettings watch;
    std::unique_ptr<MortalStore> mortal;
    std::unique_ptr<Engine> engine;
};

void puts_back(const std::string& name, const std::function<void(PuttingBackBench&)>& body,
               std::size_t schedules) {
    holds_at_random(name, body, schedules);
}

}  // namespace

TEST_CASE("killed_at_any_moment_what_was_put_back_stays_and_what_was_not_is_put_back",
          "[restore]") {
    puts_back(
        "kill while putting back",
        [](PuttingBackBench& bench) {
            bench.start();
            Scheduler::current()->settle();
            bench.set(2);
            {
                Thread killer("killer", [&] {
                    const std::size_t wait = 2 * choose(36, "when to kill");
                    for (std::size_t i = 0; i < wait; ++i) switch_point("living on");
                    bench.life.dead = true;
                });
            }
            bench.kill();
            bench.start();
            let_pass(1min);
            check(bench.is(1), "not put back, or its own writing was taken back");
            let_pass(1h);
            check(bench.is(1), "takes its own writing back");
            bench.stop();
        },
        1'500);
}

TEST_CASE("whoever_was_fought_before_a_restart_is_given_in_to_after_the_same_number_of_rounds",
          "[restore]") {
    puts_back(
        "fight over a restart",
        [](PuttingBackBench& bench) {
            bench.start();
            for (int i = 0; i < 3; ++i) bench.rival_sets(2);
            bench.kill();
            bench.start();
            for (unsigned i = 3; i < Restorer::kMostInARow; ++i) bench.rival_sets(2);
            check(bench.is(1), "given in to too early");
            check(bench.writer.writings == Restorer::kMostInARow, "not put back five times");
            bench.rival_sets(2);
            check(bench.is(2), "put back once more than five times");
            check(bench.told(EventId::restore_gave_up) == 1, "not told once");
            bench.stop();
        },
        200);
}

TEST_CASE("whoever_was_given_in_to_stays_it_over_a_restart_and_the_status_names_him", "[restore]") {
    puts_back(
        "given in over a restart",
        [](PuttingBackBench& bench) {
            bench.start();
            for (unsigned i = 0; i <= Restorer::kMostInARow; ++i) bench.rival_sets(2);
            check(bench.told(EventId::restore_gave_up) == 1, "not given in to");
            const std::vector<GivenUp> named = {{"back", "test", "HKLM\\A\\K, value v"}};
            check(bench.engine->status().given_up == named, "the status does not name it");
            for (const Notice& notice : bench.platform.journal.notices()) {
                if (notice.id != EventId::restore_gave_up) continue;
                check(notice.inserts[1].find("HKLM\\A\\K  v  ") == 0, "the key is not named");
                check(notice.inserts[2].find("the watch test ") == 0, "the watch is not named");
            }
            // It goes on for longer than it would rest from the last time that it was put back.
            for (std::uint8_t i = 0; i < 16; ++i) {
                let_pass(1min);
                bench.rival_sets(3 + i % 2);
            }
            bench.kill();
            bench.start();
            bench.rival_sets(9);
            check(bench.is(9), "fought again because of the restart");
            check(bench.writer.writings == Restorer::kMostInARow, "written, in vain");
            check(bench.engine->status().given_up == named, "not named after the restart");
            let_pass(11min);
            check(bench.engine->status().given_up.empty(), "named although nobody writes");
            bench.rival_sets(7);
            check(bench.is(9), "not put back although it was quiet");
            bench.stop();
        },
        100);
}

TEST_CASE("once_a_stop_has_begun_nothing_is_put_back_and_the_next_start_does_it", "[restore]") {
    puts_back(
        "stop while it is tried again",
        [](PuttingBackBench& bench) {
            bench.start();
            bench.platform.kernel.faults().refuse("setting a value of the key",
                                                  ErrorKind::transient);
            bench.set(2);
            Scheduler::current()->settle();
            check(bench.told(EventId::restore_failed) == 1, "not tried");
            bench.platform.kernel.faults().stop();
            const SteadyTime begin = Scheduler::current()->now();
            const StopReport report = bench.stop();
            check(bench.is(2), "put back after the stop had begun");
            check(report.undelivered == 0, "lost");
            check(Scheduler::current()->now() - begin < 5s, "waited for what will not be done");
            check(bench.told(EventId::still_owed) == 1, "not told");
            bench.start();
            let_pass(1min);
            check(bench.is(1), "not put back after the next start");
            bench.stop();
            check(bench.store.counts()->pending == 0, "something is owed for ever");
        },
        300);
}

TEST_CASE("a_stop_at_any_time_loses_nothing_of_what_is_to_be_put_back", "[restore]") {
    puts_back(
        "stop while putting back",
        [](PuttingBackBench& bench) {
            bench.start();
            {
                Thread rival("rival", [&] { bench.set(2); });
                const std::size_t wait = choose(36, "when to stop");
                for (std::size_t i = 0; i < wait; ++i) switch_point("living on");
                check(bench.engine->stop(5s).undelivered == 0, "lost");
                const std::size_t written = bench.writer.writings;
                let_pass(1min);
                check(bench.writer.writings == written, "written after the stop");
            }
            bench.engine.reset();
            bench.start();
            let_pass(1min);
            check(bench.is(1), "not put back");
            bench.stop();
        },
        500);
}

TEST_CASE("once_a_stop_has_begun_no_value_is_put_right_although_a_look_still_goes_on",
          "[enforce]") {
    puts_back(
        "stop while a look goes on",
        [](PuttingBackBench& bench) {
            bench.watch.actions.clear();
            bench.watch.expect = {{u"", u"v", dword(1)}};
            bench.watch.enforce = true;
            bench.start();
            bench.set(7);
            Scheduler::current()->settle();
            check(bench.is(1) && bench.writer.writings == 1, "not put right at once");
            // It would be put right again after a second.
            bench.set(7);
            Scheduler::current()->settle();
            bench.commit_takes = 3s;
            bench.platform.kernel.set_value(kKey, u"other", dword(1));
            Scheduler::current()->settle();
            bench.stop();
            check(bench.writer.writings == 1, "put right after the stop had begun");
            bench.commit_takes = {};
            bench.start();
            let_pass(1min);
            check(bench.is(1), "not put right by the next start");
            bench.stop();
        },
        400);
}

}  // namespace regwatch::sim
