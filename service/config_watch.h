// Tells when the configuration, or a file it includes, was written and has come to rest.
//
// Of many signals in a row one call is made, half a second after the last, and none if the files are
// what they were. Where the system cannot notify, they are looked at now and then. follow() and
// look_again() by the owner; the call comes on a pool thread and must only post. The executor and the
// watcher outlive it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/sync.h"
#include "platform/executor.h"
#include "platform/file_watcher.h"
#include "platform/folder.h"
#include "platform/polled_files.h"

namespace regwatch {

class ConfigWatch {
public:
    static Result<std::unique_ptr<ConfigWatch>> create(Executor& executor, FileWatcher& watcher,
                                                       std::function<void()> on_written);
    ~ConfigWatch();
    ConfigWatch(const ConfigWatch&) = delete;
    ConfigWatch& operator=(const ConfigWatch&) = delete;

    // To be called before the files are read: what is written from then on is told. An error says
    // why they are only looked at now and then.
    Result<void> follow(const std::vector<std::string>& files) REGWATCH_EXCLUDES(mutex_);
    // Calls once more in a while, whether anything was written or not.
    void look_again() REGWATCH_EXCLUDES(mutex_);

private:
    ConfigWatch(Executor& executor, FileWatcher& watcher, std::function<void()> on_written);
    void came_to_rest() REGWATCH_EXCLUDES(mutex_);

    // Fixed after construction.
    FileWatcher& watcher_;
    PolledFiles polled_;
    const std::function<void()> on_written_;

    Mutex mutex_;
    std::vector<std::string> files_ REGWATCH_GUARDED_BY(mutex_);
    std::vector<FileStamp> stamps_ REGWATCH_GUARDED_BY(mutex_);
    bool in_any_case_ REGWATCH_GUARDED_BY(mutex_) = false;

    std::unique_ptr<Timer> timer_;
    std::unique_ptr<FileWatch> watch_;  // sets the timer, so it goes first
};

}  // namespace regwatch
