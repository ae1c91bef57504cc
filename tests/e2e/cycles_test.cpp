// Start, change, stop, again and again in one process: nothing may be left of a cycle.
#include <catch2/catch_test_macros.hpp>

#include <atomic>

#include "e2e/command.h"
#include "e2e/processes.h"
#include "e2e/scratch_key.h"
#include "engine.h"
#include "service/windows_platform.h"
#include "support/memory_journal.h"
#include "support/process_counts.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

class Counter final : public Action {
public:
    explicit Counter(std::atomic<int>& count) : count_(count) {}
    std::optional<ActionFailure> deliver(const Change&) override {
        ++count_;
        return std::nullopt;
    }

private:
    std::atomic<int>& count_;
};

Settings settings_for(const ScratchKey& key) {
    WatchSettings watch;
    watch.name = "cycle";
    for (const char* subkey : {"", "\\A", "\\Missing\\Deep", "\\*"}) {
        watch.keys.push_back(KeyPath::parse(key.path() + subkey).value());
    }
    watch.actions = {"count"};
    Settings settings;
    settings.watches = {watch};
    return settings;
}

void cycle(const ScratchKey& key, int number) {
    auto platform = WindowsPlatform::create([](FileSystem&, EventLog&, const Clock&) {
        return std::make_unique<test::MemoryJournal>();
    });
    REQUIRE(platform);
    std::atomic<int> count = 0;
    EngineOptions options;
    options.ready_made_actions["count"] = std::make_unique<Counter>(count);
    auto engine = Engine::create(settings_for(key), std::move(options), (*platform)->ports());
    REQUIRE(engine);
    (*engine)->start();
    key.set("A", "Cycle", number);
    REQUIRE(eventually([&] { return count > 0; }));
    const EngineStatus status = (*engine)->status();
    CHECK(status.registrations > 0);
    CHECK(status.registrations_elsewhere == 0);
    const StopReport report = (*engine)->stop(std::chrono::seconds(5));
    CHECK(report.in_time);
    CHECK(report.undelivered == 0);
}

TEST_CASE("start, change and stop repeated 200 times leaves handles and threads flat", "[cycles]") {
    const ScratchKey key;
    key.create("A");
    // What is made once and kept (the pool's own wait threads, libraries) is made by then.
    for (int i = 1; i <= 20; ++i) cycle(key, i);
    const std::size_t handles = test::handle_count();
    REQUIRE(handles > 0);
    const std::size_t threads = test::thread_count();
    for (int i = 21; i <= 220; ++i) cycle(key, i);
    INFO("before: " << handles << " handles, " << threads << " threads");
    // Threads of pools that were closed end on their own time.
    CHECK(eventually([&] { return test::thread_count() <= threads + 2; }));
    CHECK(eventually([&] { return test::handle_count() <= handles + 8; }));
}

}  // namespace
}  // namespace regwatch::e2e
