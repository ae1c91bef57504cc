// What the service does about its configuration file, without an engine: it is stopped before it starts.
#include "service/service_workload.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <new>
#include <nlohmann/json.hpp>
#include <string>

#include "platform/folder.h"
#include "service/exit_code.h"
#include "service/state_folder.h"
#include "support/manual_clock.h"
#include "support/memory_event_log.h"
#include "support/memory_file_system.h"
#include "support/memory_journal.h"
#include "support/memory_registry_writer.h"
#include "support/scripted_process_runner.h"
#include "support/scripted_program_files.h"

using namespace regwatch;

namespace {

// Nothing of what is submitted is ever run.
class IdleExecutor final : public Executor {
public:
    struct IdleWork final : Work {
        void submit() noexcept override {}
    };
    struct IdleTimer final : Timer {
        void set(Duration) noexcept override {}
        void cancel() noexcept override {}
    };
    Result<std::unique_ptr<Work>> create_work(std::function<void()>) override {
        return std::unique_ptr<Work>(std::make_unique<IdleWork>());
    }
    Result<std::unique_ptr<Timer>> create_timer(std::function<void()>) override {
        return std::unique_ptr<Timer>(std::make_unique<IdleTimer>());
    }
};

Error not_here() { return {ErrorKind::not_found, 2, "opening", "a key", "there is none"}; }

class EmptyRegistry final : public Registry {
public:
    Result<std::unique_ptr<RegistryKey>> open(const KeyPath&) override { return not_here(); }
};

class NoThread final : public PersistentThread {
public:
    Result<std::unique_ptr<Event>> create_event(Initially) override { return not_here(); }
    Result<std::unique_ptr<Wait>> create_wait(std::shared_ptr<Client>, std::uint64_t) override {
        return not_here();
    }
    [[nodiscard]] bool is_current() const noexcept override { return false; }
};

// Remembers what it was last asked to watch.
class NotedFiles final : public FileWatcher {
public:
    Result<std::unique_ptr<FileWatch>> watch(const std::vector<std::string>& files,
                                             std::function<void()>) override {
        if (has_no_memory) throw std::bad_alloc();
        last = files;
        return std::make_unique<FileWatch>();
    }
    [[nodiscard]] bool watches(const std::string& file) const {
        return std::find(last.begin(), last.end(), file) != last.end();
    }

    std::vector<std::string> last;
    bool has_no_memory = false;
};

class WorkloadBench {
public:
    WorkloadBench() {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_ / "packs");
        std::filesystem::create_directories(state_folder(folder_.string()));
    }
    ~WorkloadBench() {
        workload_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    void write(const char* name, const std::string& text) const {
        REQUIRE(replace_file(file(name), text));
    }
    void remove(const char* name) const { REQUIRE(std::filesystem::remove(folder_ / name)); }
    [[nodiscard]] std::string file(const char* name) const {
        return (folder_ / name).make_preferred().string();
    }

    void start() {
        ServicePlan plan;
        plan.config = file("c.json");
        plan.data_directory = folder_.string();
        plan.on_config_written = [] {};
        workload_ = std::make_unique<ServiceWorkload>(std::move(plan), platform_,
                                                      ServiceWorkload::Ports{executor_, watcher});
        workload_->stop(Duration::zero());
        REQUIRE_FALSE(workload_->start([] {}));
    }
    void serve(ServiceRequest request) { workload_->serve(request); }

    // What the service would answer.
    [[nodiscard]] nlohmann::json config_status() {
        serve(ServiceRequest::write_status);
        const auto text = read_whole_file(join_path(state_folder(folder_.string()), "status.json"));
        REQUIRE(text);
        return nlohmann::json::parse(*text)["config"];
    }

    NotedFiles watcher;
    test::MemoryJournal journal;

private:
    const std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / "regwatch-unit-workload";
    EmptyRegistry registry_;
    NoThread thread_;
    IdleExecutor executor_;
    test::ManualClock clock_;
    test::MemoryFileSystem files_;
    test::ScriptedProcessRunner processes_;
    test::MemoryEventLog event_log_;
    test::MemoryRegistryWriter writer_;
    test::ScriptedProgramFiles program_files_;
    Platform platform_{registry_,  thread_,    executor_, executor_, clock_,        files_,
                       processes_, event_log_, journal,   writer_,   program_files_};
    std::unique_ptr<ServiceWorkload> workload_;
};

constexpr const char* kWatchedConfig =
    R"({"include": ["extra"], "actions": {"e": {"type": "eventlog"}}})";
constexpr const char* kPack = R"({"watches": [{"name": "a", "keys": ["HKLM\\SOFTWARE\\X"]}]})";
constexpr const char* kPackFile = "packs/extra.json";

}  // namespace

TEST_CASE("a pack that is missing goes on being watched") {
    WorkloadBench bench;
    bench.write("c.json", kWatchedConfig);
    bench.write(kPackFile, kPack);
    bench.start();
    CHECK(bench.watcher.watches(bench.file(kPackFile)));
    bench.remove(kPackFile);
    bench.serve(ServiceRequest::look_at_file);
    CHECK(bench.watcher.watches(bench.file(kPackFile)));
    bench.serve(ServiceRequest::look_at_file);
    CHECK(bench.journal.count(EventId::config_refused) == 1);
    CHECK(bench.watcher.watches(bench.file(kPackFile)));
    bench.write(kPackFile, kPack);
    bench.serve(ServiceRequest::look_at_file);
    CHECK(bench.journal.count(EventId::config_unchanged) == 1);
    CHECK(bench.config_status()["problems"].empty());
}

TEST_CASE("each reload that was asked for is counted, with the reason why it was refused") {
    WorkloadBench bench;
    bench.write("c.json", kWatchedConfig);
    bench.write(kPackFile, kPack);
    bench.start();
    const auto after_reload = [&] {
        bench.serve(ServiceRequest::reload);
        return bench.config_status();
    };
    CHECK(after_reload()["refused_as"] == static_cast<int>(ExitCode::ok));
    bench.write("c.json", "{");
    CHECK(after_reload()["refused_as"] == static_cast<int>(ExitCode::config_invalid));
    bench.remove("c.json");
    const auto missing = after_reload();
    CHECK(missing["refused_as"] == static_cast<int>(ExitCode::config_unreadable));
    CHECK(missing["reloads_done"] == 3);
    bench.write("c.json", kWatchedConfig);
    const auto good = after_reload();
    CHECK(good["refused_as"] == static_cast<int>(ExitCode::ok));
    CHECK(good["problems"].empty());
    CHECK(good["reloads_done"] == 4);
}

TEST_CASE("a reload that ends by an exception is answered too") {
    WorkloadBench bench;
    bench.write("c.json", kWatchedConfig);
    bench.write(kPackFile, kPack);
    bench.start();
    bench.watcher.has_no_memory = true;
    CHECK_THROWS_AS(bench.serve(ServiceRequest::reload), std::bad_alloc);
    const auto after = bench.config_status();
    CHECK(after["reloads_done"] == 1);
    CHECK(after["refused_as"] == static_cast<int>(ExitCode::failure));
    CHECK(after["problems"].size() == 1);
    bench.watcher.has_no_memory = false;
    bench.serve(ServiceRequest::reload);
    CHECK(bench.config_status()["refused_as"] == static_cast<int>(ExitCode::ok));
}

TEST_CASE("a reload to a log folder that this machine cannot have is refused like any bad config") {
    WorkloadBench bench;
    bench.write("c.json", kWatchedConfig);
    bench.write(kPackFile, kPack);
    bench.start();
    bench.write(
        "c.json",
        R"({"include": ["extra"], "actions": {"l": {"type": "log", "folder": "%Nothing%\\Logs"}}})");
    bench.serve(ServiceRequest::reload);
    const auto refused = bench.config_status();
    CHECK(refused["refused_as"] == static_cast<int>(ExitCode::config_invalid));
    REQUIRE(refused["problems"].size() == 1);
    CHECK(refused["problems"][0].get<std::string>().find("expanding the variables in %Nothing%") !=
          std::string::npos);
    CHECK(bench.journal.count(EventId::config_refused) == 1);
}
