#include "win32/folder_notifications.h"

#include <algorithm>
#include <utility>

#include "base/sync.h"
#include "win32/error.h"
#include "win32/handle.h"
#include "win32/paths.h"
#include "win32/text.h"

namespace regwatch::win32 {
namespace {

// One folder: register, tell, wait again, as for a registry key.
class Folder {
public:
    explicit Folder(const std::function<void()>& on_change) : on_change_(on_change) {}
    ~Folder() {
        if (!wait_) return;
        {
            const Lock lock(mutex_);
            closing_ = true;
            SetThreadpoolWait(wait_.get(), nullptr, nullptr);
        }
        WaitForThreadpoolWaitCallbacks(wait_.get(), TRUE);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    Result<void> open(const std::string& folder) {
        constexpr DWORD kWhat =
            FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_LAST_WRITE;
        changes_ = ChangeNotification(
            FindFirstChangeNotificationW(to_long_path(folder).c_str(), FALSE, kWhat));
        if (!changes_) {
            const DWORD code = GetLastError();
            return system_error(code, "watching the folder", folder);
        }
        PoolWait wait(CreateThreadpoolWait(&on_signal, this, nullptr));
        if (!wait) {
            const DWORD code = GetLastError();
            return system_error(code, "waiting for changes of the folder", folder);
        }
        wait_ = std::move(wait);
        arm();
        return {};
    }

private:
    static void CALLBACK on_signal(PTP_CALLBACK_INSTANCE, void* self, PTP_WAIT,
                                   TP_WAIT_RESULT) noexcept {
        auto& folder = *static_cast<Folder*>(self);
        const bool registered = FindNextChangeNotification(folder.changes_.get()) != 0;
        folder.on_change_();
        if (registered) folder.arm();
    }

    void arm() REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        if (!closing_) SetThreadpoolWait(wait_.get(), changes_.get(), nullptr);
    }

    const std::function<void()>& on_change_;  // the watch's, which outlives its folders
    Mutex mutex_;
    bool closing_ REGWATCH_GUARDED_BY(mutex_) = false;
    ChangeNotification changes_;
    PoolWait wait_;  // last: closed before what it waits for
};

class Folders final : public FileWatch {
public:
    explicit Folders(std::function<void()> on_change) : on_change_(std::move(on_change)) {}

    Result<void> add(const std::string& folder) {
        auto made = std::make_unique<Folder>(on_change_);
        if (auto opened = made->open(folder); !opened) return opened;
        folders_.push_back(std::move(made));
        return {};
    }

private:
    const std::function<void()> on_change_;
    std::vector<std::unique_ptr<Folder>> folders_;
};

}  // namespace

Result<std::unique_ptr<FileWatch>> FolderNotifications::watch(const std::vector<std::string>& files,
                                                              std::function<void()> on_change) {
    std::vector<std::string> folders;
    for (const std::string& file : files)
        // With the separator, without which "C:" would be the current folder of the drive.
        folders.push_back(to_utf8(parent_of(to_wide(file))) + "\\");
    std::sort(folders.begin(), folders.end());
    folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
    auto watch = std::make_unique<Folders>(std::move(on_change));
    for (const std::string& folder : folders) {
        if (auto added = watch->add(folder); !added) return std::move(added).error();
    }
    return std::unique_ptr<FileWatch>(std::move(watch));
}

}  // namespace regwatch::win32
