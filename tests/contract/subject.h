// What the contract suite is run on: each port with just enough around it to be tested.
//
// Written once, against these classes; native_subject.cpp makes them from the fakes and simulated
// kernels, win32_subject.cpp from the real adapters. Everything here may be called from the test's
// thread. What goes wrong while a test is being set up is thrown, which fails the test.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "contract/differences.h"
#include "platform/append_file.h"
#include "platform/executor.h"
#include "platform/file_watcher.h"
#include "platform/persistent_thread.h"
#include "platform/registry.h"
#include "platform/registry_writer.h"

namespace regwatch::test {

// The systems that this program can be run on: both simulated kernels natively, the one that it
// really runs on otherwise. Every test of the registry runs once for each of them.
[[nodiscard]] std::vector<System> systems();

// The one who changes the registry. All keys are named from the scratch key, which is the subject's
// own, has the process id in its name, and is removed with all that is in it at the end; u"" is the
// scratch key itself. The scratch key lies where both views are distinct (below SOFTWARE).
class RegistryEditor {
public:
    virtual ~RegistryEditor() = default;

    [[nodiscard]] virtual KeyPath path(std::u16string_view key, View view = View::bits64) const = 0;

    // With the keys above it. Names may hold NULs.
    virtual void create_key(std::u16string_view key, View view = View::bits64) = 0;
    virtual void set_value(std::u16string_view key, std::u16string_view name,
                           const ValueData& data) = 0;
    virtual void delete_value(std::u16string_view key, std::u16string_view name) = 0;
    // With everything below it.
    virtual void delete_key(std::u16string_view key) = 0;
    // `new_leaf` replaces the last component.
    virtual void rename_key(std::u16string_view key, std::u16string_view new_leaf) = 0;
    // By the key's own access list, so that opening it answers `denied`; and takes that back.
    virtual void deny(std::u16string_view key) = 0;
    virtual void allow(std::u16string_view key) = 0;
    // Others than it has, under which everybody may do everything.
    virtual void set_permissions(std::u16string_view key) = 0;
};

// The registry, the persistent thread and the kernel behind both, which belong together.
class RegistrySubject {
public:
    virtual ~RegistrySubject() = default;
    [[nodiscard]] virtual Registry& registry() = 0;
    [[nodiscard]] virtual RegistryWriter& writer() = 0;
    [[nodiscard]] virtual PersistentThread& thread() = 0;
    [[nodiscard]] virtual RegistryEditor& editor() = 0;

    // Events have no reader and no setter in the port: nobody but the system touches them there.
    virtual void signal(Event& event) = 0;
    // Waits until the event is signalled and clears it, as a wait would; false: not within `bound`.
    [[nodiscard]] virtual bool take_signal(Event& event, Duration bound) = 0;
};
[[nodiscard]] std::unique_ptr<RegistrySubject> make_registry_subject(System system);

// Real threads, at most `max_threads` at once.
[[nodiscard]] std::unique_ptr<Executor> make_executor(unsigned max_threads);

// Each kind that this system has.
[[nodiscard]] std::vector<std::unique_ptr<FileWatcher>> make_file_watchers();

class FileSubject {
public:
    virtual ~FileSubject() = default;
    [[nodiscard]] virtual FileSystem& files() = 0;
    // Absolute, UTF-8; the separator of the system at its end; removed at the end.
    [[nodiscard]] virtual std::string scratch_folder() const = 0;
    // Through another handle, while ours is open.
    [[nodiscard]] virtual std::string content(const std::string& path) = 0;
    virtual void rename(const std::string& from, const std::string& to) = 0;
};
[[nodiscard]] std::unique_ptr<FileSubject> make_file_subject();

}  // namespace regwatch::test
