// Port: to be told that files may have changed, for the configuration and what it includes.
//
// Implemented by src/win32/folder_notifications.cpp and by platform/polled_files.cpp, which needs
// nothing but a timer; tests/contract runs on both. A call only means "look": it may come for
// nothing, and one call may stand for many changes. A file need not exist, and may be replaced by
// another one of its name, as most editors do it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace regwatch {

// Destroying it waits for a call that is going on; afterwards none comes. Not from within the call.
class FileWatch {
public:
    virtual ~FileWatch() = default;
};

class FileWatcher {
public:
    virtual ~FileWatcher() = default;
    // What changes after this returned is told soon. `on_change` is called on pool threads, by each
    // folder one at a time; it must not throw and should only post. Paths are UTF-8 and absolute.
    virtual Result<std::unique_ptr<FileWatch>> watch(const std::vector<std::string>& files,
                                                     std::function<void()> on_change) = 0;
};

}  // namespace regwatch
