// FileWatcher by looking now and then. Threads as the port says; the executor outlives it.
#pragma once

#include "base/time.h"
#include "platform/executor.h"
#include "platform/file_watcher.h"

namespace regwatch {

class PolledFiles final : public FileWatcher {
public:
    PolledFiles(Executor& executor, Duration interval) : executor_(executor), interval_(interval) {}

    Result<std::unique_ptr<FileWatch>> watch(const std::vector<std::string>& files,
                                             std::function<void()> on_change) override;

private:
    Executor& executor_;
    const Duration interval_;
};

}  // namespace regwatch
