#include "service/scm_host.h"

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "change/event_entry.h"
#include "service/arguments.h"
#include "service/command_line.h"
#include "service/event_source.h"
#include "service/places.h"
#include "service/service_journal.h"
#include "service/service_life.h"
#include "service/service_workload.h"
#include "service/windows_platform.h"
#include "win32/error.h"
#include "win32/event_log.h"
#include "win32/security.h"
#include "win32/windows.h"

namespace regwatch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Until a stop is given up, and a little for what follows it.
constexpr LifeTimes kTimes;
constexpr ServiceState::Hints kHints{seconds(30),
                                     kTimes.stop_overdue + kTimes.until_given_up + seconds(5)};

DWORD to_system(ServicePhase phase) {
    switch (phase) {
        case ServicePhase::starting:
            return SERVICE_START_PENDING;
        case ServicePhase::running:
            return SERVICE_RUNNING;
        case ServicePhase::stopping:
            return SERVICE_STOP_PENDING;
        case ServicePhase::stopped:
            break;
    }
    return SERVICE_STOPPED;
}

void report(SERVICE_STATUS_HANDLE manager, const ServiceStatus& status) {
    SERVICE_STATUS system{};
    system.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    system.dwCurrentState = to_system(status.phase);
    // Not SHUTDOWN as well: the one before it leaves the time to tell the Event Log.
    system.dwControlsAccepted = status.accepts_stop
                                    ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN |
                                          SERVICE_ACCEPT_PARAMCHANGE | SERVICE_ACCEPT_SESSIONCHANGE
                                    : 0;
    system.dwWin32ExitCode =
        status.exit.specific != 0 ? ERROR_SERVICE_SPECIFIC_ERROR : status.exit.system;
    system.dwServiceSpecificExitCode = status.exit.specific;
    system.dwCheckPoint = status.check_point;
    system.dwWaitHint =
        static_cast<DWORD>(std::chrono::duration_cast<milliseconds>(status.wait_hint).count());
    // It fails only when the manager is gone, and then nobody is left to be told.
    SetServiceStatus(manager, &system);
}

DWORD WINAPI on_control(DWORD control, DWORD type, void*, void* context) noexcept {
    const auto& inbox = *static_cast<std::shared_ptr<ServiceInbox>*>(context);
    switch (control) {
        case SERVICE_CONTROL_STOP:
        case SERVICE_CONTROL_SHUTDOWN:
        case SERVICE_CONTROL_PRESHUTDOWN:
            inbox->request_stop();
            return NO_ERROR;
        case SERVICE_CONTROL_PARAMCHANGE:
        case kReloadControl:
            inbox->request(ServiceRequest::reload);
            return NO_ERROR;
        case kStatusControl:
            inbox->request(ServiceRequest::write_status);
            return NO_ERROR;
        case kMuteControl:
            inbox->request(ServiceRequest::read_mutes);
            return NO_ERROR;
        case SERVICE_CONTROL_SESSIONCHANGE:
            // Whose session it was cannot be asked reliably any more: every user's hive is let go, and
            // those that stay are looked at again soon.
            if (type == WTS_SESSION_LOGOFF) inbox->request(ServiceRequest::release_hives);
            return NO_ERROR;
        case SERVICE_CONTROL_INTERROGATE:
            return NO_ERROR;
        default:
            return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

// For what fails before there is a journal.
StartFailure tell_event_log(const Error& error) {
    StartFailure failure{StartStep::internal, error.text()};
    win32::SystemEventLog event_log;
    (void)event_log.report(
        event_entry(EventId::service_failed, {doing(failure.step), failure.reason}));
    return failure;
}

Result<void> prepare_data_directory(const Places& places) {
    using win32::FolderAccess;
    auto made = win32::create_protected_folder(places.data_directory, FolderAccess::users_may_read);
    if (!made) return made;
    made = win32::create_protected_folder(places.state_folder, FolderAccess::private_to_us);
    if (!made) return made;
    return win32::create_protected_folder(places.log_folder, FolderAccess::private_to_us);
}

// Everything that is made for the service is gone when it returns.
std::optional<StartFailure> serve(const CommonOptions& options,
                                  const std::shared_ptr<ServiceInbox>& inbox,
                                  StatusReporter& reporter) {
    const auto places = find_places(options);
    if (!places) return tell_event_log(places.error());
    const auto program = find_program_places();
    if (!program) return tell_event_log(program.error());
    // Without it Event Viewer shows the inserts alone; an account without the right to register it
    // is no reason not to watch.
    (void)ensure_event_source(program->event_messages);

    ServiceJournal* journal = nullptr;  // the platform's
    auto platform =
        WindowsPlatform::create([&](FileSystem& files, EventLog& event_log, const Clock& clock) {
            auto made =
                std::make_unique<ServiceJournal>(files, event_log, clock, places->log_folder);
            journal = made.get();
            return made;
        });
    if (!platform) return tell_event_log(platform.error());
    WindowsPlatform& windows = **platform;
    ServicePlan plan;
    plan.config = places->config;
    plan.data_directory = places->data_directory;
    plan.host_name = host_name();
    plan.prepare_data_directory = [&] { return prepare_data_directory(*places); };
    plan.keeps_last_good = true;
    plan.on_config_written = [inbox] { inbox->request(ServiceRequest::look_at_file); };
    plan.event_log_lacks = [journal] { return journal->not_taken(); };
    ServiceWorkload workload(std::move(plan), windows.ports(),
                             {windows.host_executor(), windows.file_watcher()});
    OverdueStop overdue;
    overdue.tell = [&windows] {
        windows.ports().journal.write(
            {EventId::stop_was_slow,
             {"what is under way",
              "it hangs and cannot be broken off. The process is ended without waiting for it."}});
    };
    // Nothing is lost by that: what is written down survives a kill. The manager is told first, because it
    // takes a process that just ends for a crash, and starts it again.
    overdue.give_up = [&reporter] {
        reporter.end(ServiceExit{});
        TerminateProcess(GetCurrentProcess(), 1);
    };
    return live(workload, windows.host_executor(), inbox, reporter, kTimes, overdue);
}

void WINAPI service_main(DWORD count, LPWSTR* names) noexcept {
    const auto inbox = std::make_shared<ServiceInbox>();
    // Never freed: the dispatcher may be about to call the handler when this function has returned.
    auto* const context = new std::shared_ptr<ServiceInbox>(inbox);
    const wchar_t* const name = count != 0 ? names[0] : L"";
    const SERVICE_STATUS_HANDLE manager = RegisterServiceCtrlHandlerExW(name, on_control, context);
    if (manager == nullptr) return;  // without it nothing can be reported to anybody

    StatusReporter reporter(kHints,
                            [manager](const ServiceStatus& status) { report(manager, status); });
    reporter.begin();
    ServiceExit exit;
    try {
        // The manager hands over nothing but the arguments of this one start; the options stand in
        // the command line that it was installed with.
        const CommandLine line = parse_command_line(process_arguments());
        const auto failure = serve(line.common, inbox, reporter);
        if (failure) exit.specific = static_cast<std::uint32_t>(failure->step);
    } catch (...) {
        exit.specific = static_cast<std::uint32_t>(StartStep::internal);
    }
    reporter.end(exit);
}

}  // namespace

Result<Served> run_as_service() {
    // For a process of its own the manager does not look at the name.
    wchar_t name[] = L"";
    const SERVICE_TABLE_ENTRYW table[] = {{name, service_main}, {nullptr, nullptr}};
    if (StartServiceCtrlDispatcherW(table)) return Served::yes;
    const DWORD code = GetLastError();
    if (code == ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) return Served::not_started_by_manager;
    return win32::system_error(code, "connecting to", "the service manager");
}

}  // namespace regwatch
