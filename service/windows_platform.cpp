#include "service/windows_platform.h"

#include <algorithm>
#include <utility>

namespace regwatch {
namespace {

// A look is short, and mostly the system's own work under the registry's lock: more threads than
// processors only wait for each other.
unsigned look_threads() {
    const DWORD processors = GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);
    return std::clamp<unsigned>(processors, 2, 8);
}

// An action may wait for a script or a disk, and must not keep others waiting: a thread is made
// when it is needed, up to this number.
constexpr unsigned kActionThreads = 64;
constexpr unsigned kHostThreads = 4;  // the start, the stop, a timer

template <class T>
Result<void> keep(Result<T> made, T& place) {
    if (!made) return std::move(made).error();
    place = std::move(made).value();
    return {};
}

}  // namespace

Result<std::unique_ptr<WindowsPlatform>> WindowsPlatform::create(const MakeJournal& make_journal) {
    std::unique_ptr<WindowsPlatform> platform(new WindowsPlatform);
    if (auto opened = platform->open(make_journal); !opened) return std::move(opened).error();
    return platform;
}

WindowsPlatform::~WindowsPlatform() = default;

Result<void> WindowsPlatform::open(const MakeJournal& make_journal) {
    event_log_ = std::make_unique<win32::SystemEventLog>();
    journal_ = make_journal(files_, *event_log_, clock_);
    if (auto made = keep(win32::SystemRegistry::create(), registry_); !made) return made;
    if (auto made = keep(win32::SystemRegistryWriter::create(), registry_writer_); !made)
        return made;
    if (auto made = keep(win32::JobProcessRunner::create(), processes_); !made) return made;
    if (auto made = keep(win32::PoolPersistentThread::create(), persistent_thread_); !made)
        return made;
    if (auto made = open_executors(); !made) return made;
    ports_ = std::make_unique<Platform>(
        Platform{*registry_, *persistent_thread_, *look_executor_, *action_executor_, clock_,
                 files_, *processes_, *event_log_, *journal_, *registry_writer_, program_files_});
    ports_->accounts = &accounts_;
    return {};
}

Result<void> WindowsPlatform::open_executors() {
    const auto tell = [journal = journal_.get()](const char* what) {
        journal->write({EventId::service_failed, {"running a task", what}});
    };
    using win32::PoolExecutor;
    if (auto made = keep(PoolExecutor::create(look_threads(), tell), look_executor_); !made)
        return made;
    if (auto made = keep(PoolExecutor::create(kActionThreads, tell), action_executor_); !made)
        return made;
    return keep(PoolExecutor::create(kHostThreads, tell), host_executor_);
}

}  // namespace regwatch
