// FileWatcher by the system's own notifications, one per folder. Threads as the port says.
//
// Facts: FindFirstChangeNotificationW in sdk-api. A handle whose thread has ended is signalled for
// nothing, and one whose folder is gone is not armed again: whoever is called looks, and asks anew.
#pragma once

#include "platform/file_watcher.h"

namespace regwatch::win32 {

class FolderNotifications final : public FileWatcher {
public:
    Result<std::unique_ptr<FileWatch>> watch(const std::vector<std::string>& files,
                                             std::function<void()> on_change) override;
};

}  // namespace regwatch::win32
