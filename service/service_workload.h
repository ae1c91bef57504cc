// The work of the service, and of `run`: what the config file says, until the stop.
//
// The steps of the start are those of exit_code.h, in order; each failure is told to the journal
// here, with file, line and column where it has them. A config that changes while it works is taken
// over when it is good, and told and left alone when it is not. With a bad one at the start the last
// good one is used, if the host keeps it. The platform and the ports outlive the workload.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/file_watcher.h"
#include "platform/platform.h"
#include "service/config_file.h"
#include "service/config_watch.h"
#include "service/engine_runner.h"
#include "service/workload.h"
#include "state/number_mark_file.h"
#include "state/sqlite_store.h"

namespace regwatch {

// What the host knows.
struct ServicePlan {
    std::string config;          // UTF-8, absolute
    std::string data_directory;  // UTF-8, absolute
    std::string host_name;
    std::function<Result<void>()> prepare_data_directory;  // empty: nothing has to be prepared
    bool keeps_last_good = false;
    // Called on pool threads when the config was written; only posts. Empty: nobody wants to know.
    std::function<void()> on_config_written;
    // Notices that the Event Log lacks now. Empty: there are none.
    std::function<std::uint64_t()> event_log_lacks;
};

class ServiceWorkload : public Workload {
public:
    // For watching the config.
    struct Ports {
        Executor& executor;
        FileWatcher& file_watcher;
    };
    ServiceWorkload(ServicePlan plan, Platform& platform, const Ports& ports);

    std::optional<StartFailure> start(const std::function<void()>& step_done) override;
    [[nodiscard]] std::uint64_t progress() const override { return runner_.progress(); }
    void serve(ServiceRequest request) override;
    void stop(Duration deadline) override;

private:
    // What came of reading the file: a good config, or why it is none.
    struct Found {
        std::optional<ConfigRead> good;
        std::vector<std::string> files;  // that were read or should have been, as far as it went
        StartStep step{};                // of a failure
        std::vector<std::string> problems;
        std::size_t problem_count = 0;  // with those that are left out
        bool is_unsafe = false;         // others than administrators may change it
    };

    std::optional<StartFailure> take_state();
    void watch_config();
    [[nodiscard]] Found find_config() const;
    std::optional<StartFailure> find_config_for_start();
    std::optional<StartFailure> start_engine(const std::function<void()>& step_done);
    void look_at_config(bool asked_for);
    void reload();
    void refuse(Found found, bool asked_for);
    void take_over(ConfigRead config, bool asked_for);
    void follow_config();
    // What is included for the first time may have been written since it was read.
    void follow_included(const std::vector<std::string>& files);
    void keep_config();
    void read_mutes();
    void write_status();
    [[nodiscard]] std::string state_file(const char* name) const;
    StartFailure tell(StartFailure failure) const;

    const ServicePlan plan_;
    Platform& platform_;
    const Ports ports_;
    // Before the runner, whose engine works with them.
    SqliteStore store_;
    NumberMarkFile mark_;
    EngineRunner runner_;

    const std::shared_ptr<MuteBoard> mute_board_ = std::make_shared<MuteBoard>();

    // Of start(), then of serve(): one at a time.
    ConfigRead config_;                  // the one in use, which is good
    std::vector<std::string> followed_;  // its files, or those of the one that was refused
    std::vector<std::string> problems_;  // of the file as it is now, if it was not taken over
    StartStep refused_at_{};             // with problems only
    bool last_good_in_use_ = false;
    bool in_doubt_ = false;  // a bad file may be one that is just being written
    std::string started_at_;
    std::string taken_over_at_;
    std::uint64_t generation_ = 0;
    std::uint64_t reloads_done_ = 0;
    std::uint64_t status_serial_ = 0;

    std::unique_ptr<ConfigWatch> watch_;
};

}  // namespace regwatch
