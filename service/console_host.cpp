#include "service/console_host.h"

#include <atomic>
#include <utility>

#include "service/console.h"
#include "win32/windows.h"

namespace regwatch {
namespace {

// What the console's handler posts to, and how it learns of the end.
struct ConsoleLife {
    std::shared_ptr<ServiceInbox> inbox;

    void end() REGWATCH_EXCLUDES(mutex) {
        const Lock lock(mutex);
        ended = true;
        changed.notify_all();
    }
    void wait_for_end() REGWATCH_EXCLUDES(mutex) {
        const Lock lock(mutex);
        while (!ended) changed.wait(mutex);
    }

    Mutex mutex;
    Condition changed;
    bool ended REGWATCH_GUARDED_BY(mutex) = false;
};

// The one global of the project: SetConsoleCtrlHandler hands its handler no context.
std::atomic<ConsoleLife*> current{nullptr};

// Runs on a thread of its own that the system makes for each signal.
BOOL WINAPI on_signal(DWORD signal) noexcept {
    ConsoleLife* const life = current.load();
    if (life == nullptr) return FALSE;
    life->inbox->request_stop();
    // For these the process is ended as soon as the handler returns.
    if (signal == CTRL_CLOSE_EVENT || signal == CTRL_LOGOFF_EVENT || signal == CTRL_SHUTDOWN_EVENT)
        life->wait_for_end();
    return TRUE;
}

class ConsoleSignals {
public:
    explicit ConsoleSignals(const std::shared_ptr<ServiceInbox>& inbox)
        // Never freed: a handler may be about to use it when the life is over.
        : life_(new ConsoleLife) {
        life_->inbox = inbox;
        current.store(life_);
        // A parent may have started us with Ctrl-C ignored, which is inherited.
        SetConsoleCtrlHandler(nullptr, FALSE);
        SetConsoleCtrlHandler(&on_signal, TRUE);
    }
    ~ConsoleSignals() {
        SetConsoleCtrlHandler(&on_signal, FALSE);
        current.store(nullptr);
        life_->end();
    }
    ConsoleSignals(const ConsoleSignals&) = delete;
    ConsoleSignals& operator=(const ConsoleSignals&) = delete;

private:
    ConsoleLife* const life_;
};

}  // namespace

std::optional<StartFailure> live_in_console(Workload& workload, Executor& executor,
                                            const std::shared_ptr<ServiceInbox>& inbox,
                                            const std::function<void(ServicePhase)>& on_phase) {
    const ConsoleSignals signals(inbox);
    std::optional<ServicePhase> last;
    StatusReporter reporter({}, [&](const ServiceStatus& status) {
        if (std::exchange(last, status.phase) != status.phase) on_phase(status.phase);
    });
    reporter.begin();
    OverdueStop overdue;
    overdue.give_up = [] {
        TerminateProcess(
            GetCurrentProcess(),
            static_cast<UINT>(complain("what is under way hangs and cannot be broken off")));
    };
    auto failure = live(workload, executor, inbox, reporter, {}, overdue);
    reporter.end({});
    return failure;
}

}  // namespace regwatch
