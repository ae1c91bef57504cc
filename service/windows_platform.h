// The real platform: makes the adapters, owns them, and ends them in the right order.
//
// Made and destroyed by the host's thread; what it hands out may be used by any. It outlives all
// that was made with it.
#pragma once

#include <functional>
#include <memory>

#include "platform/platform.h"
#include "win32/accounts.h"
#include "win32/append_file.h"
#include "win32/clock.h"
#include "win32/event_log.h"
#include "win32/executor.h"
#include "win32/folder_notifications.h"
#include "win32/persistent_thread.h"
#include "win32/process.h"
#include "win32/program_files.h"
#include "win32/registry.h"
#include "win32/registry_writer.h"

namespace regwatch {

class WindowsPlatform {
public:
    using MakeJournal =
        std::function<std::unique_ptr<Journal>(FileSystem&, EventLog&, const Clock&)>;
    static Result<std::unique_ptr<WindowsPlatform>> create(const MakeJournal& make_journal);
    ~WindowsPlatform();
    WindowsPlatform(const WindowsPlatform&) = delete;
    WindowsPlatform& operator=(const WindowsPlatform&) = delete;

    [[nodiscard]] Platform& ports() noexcept { return *ports_; }
    // For starting and stopping, which wait for what runs on the others.
    [[nodiscard]] Executor& host_executor() noexcept { return *host_executor_; }
    [[nodiscard]] FileWatcher& file_watcher() noexcept { return file_watcher_; }

private:
    WindowsPlatform() = default;
    Result<void> open(const MakeJournal& make_journal);
    Result<void> open_executors();

    // In the order in which they need each other: the journal tells what goes wrong on any thread.
    win32::SystemClock clock_;
    win32::SystemFiles files_;
    win32::FolderNotifications file_watcher_;
    win32::SystemProgramFiles program_files_;
    win32::SystemAccounts accounts_;
    std::unique_ptr<win32::SystemEventLog> event_log_;
    std::unique_ptr<Journal> journal_;
    std::unique_ptr<win32::SystemRegistry> registry_;
    std::unique_ptr<win32::SystemRegistryWriter> registry_writer_;
    std::unique_ptr<win32::JobProcessRunner> processes_;
    std::unique_ptr<win32::PoolPersistentThread> persistent_thread_;
    std::unique_ptr<win32::PoolExecutor> look_executor_;
    std::unique_ptr<win32::PoolExecutor> action_executor_;
    std::unique_ptr<win32::PoolExecutor> host_executor_;
    std::unique_ptr<Platform> ports_;
};

}  // namespace regwatch
