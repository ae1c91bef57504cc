#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "contract/subject.h"
#include "contract/win32_registry_editor.h"
#include "platform/polled_files.h"
#include "support/value_of.h"
#include "win32/append_file.h"
#include "win32/error.h"
#include "win32/event.h"
#include "win32/executor.h"
#include "win32/folder_notifications.h"
#include "win32/persistent_thread.h"
#include "win32/registry.h"
#include "win32/registry_writer.h"
#include "win32/text.h"

namespace regwatch::test {
namespace {

class Win32RegistrySubject final : public RegistrySubject {
public:
    Registry& registry() override { return *registry_; }
    RegistryWriter& writer() override { return *writer_; }
    PersistentThread& thread() override { return *thread_; }
    RegistryEditor& editor() override { return editor_; }
    void signal(Event& event) override { SetEvent(win32::handle_of(event)); }
    bool take_signal(Event& event, Duration bound) override {
        const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(bound).count();
        return WaitForSingleObject(win32::handle_of(event), static_cast<DWORD>(wait)) ==
               WAIT_OBJECT_0;
    }

private:
    Win32RegistryEditor editor_;
    const std::unique_ptr<win32::SystemRegistry> registry_ =
        value_of(win32::SystemRegistry::create());
    const std::unique_ptr<win32::SystemRegistryWriter> writer_ =
        value_of(win32::SystemRegistryWriter::create());
    const std::unique_ptr<win32::PoolPersistentThread> thread_ =
        value_of(win32::PoolPersistentThread::create());
};

class Win32FileSubject final : public FileSubject {
public:
    Win32FileSubject() { std::filesystem::create_directories(folder_); }
    ~Win32FileSubject() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    FileSystem& files() override { return files_; }
    std::string scratch_folder() const override { return win32::to_utf8(folder_.wstring()) + "\\"; }
    std::string content(const std::string& path) override {
        std::ifstream file(std::filesystem::path(win32::to_wide(path)), std::ios::binary);
        if (!file) throw std::runtime_error("cannot be read: " + path);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
    void rename(const std::string& from, const std::string& to) override {
        std::filesystem::rename(win32::to_wide(from), win32::to_wide(to));
    }

private:
    // As an extended path, so that remove_all can follow what the tests made.
    const std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() /
        ("regwatch-contract-" + std::to_string(GetCurrentProcessId()));
    win32::SystemFiles files_;
};

// With an executor of its own.
class Poller final : public FileWatcher {
public:
    Result<std::unique_ptr<FileWatch>> watch(const std::vector<std::string>& files,
                                             std::function<void()> on_change) override {
        return files_.watch(files, std::move(on_change));
    }

private:
    const std::unique_ptr<Executor> executor_ = make_executor(1);
    PolledFiles files_{*executor_, std::chrono::milliseconds(20)};
};

}  // namespace

std::vector<System> systems() {
    const bool wine = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
    return {wine ? System::wine : System::windows};
}

std::unique_ptr<RegistrySubject> make_registry_subject(System) {
    return std::make_unique<Win32RegistrySubject>();
}

std::unique_ptr<Executor> make_executor(unsigned max_threads) {
    return value_of(win32::PoolExecutor::create(max_threads, nullptr));
}

std::unique_ptr<FileSubject> make_file_subject() { return std::make_unique<Win32FileSubject>(); }

std::vector<std::unique_ptr<FileWatcher>> make_file_watchers() {
    std::vector<std::unique_ptr<FileWatcher>> watchers;
    watchers.push_back(std::make_unique<Poller>());
    watchers.push_back(std::make_unique<win32::FolderNotifications>());
    return watchers;
}

}  // namespace regwatch::test
