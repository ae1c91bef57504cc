#include "service/commands.h"
#include "service/console.h"
#include "service/console_host.h"
#include "service/console_journal.h"
#include "service/places.h"
#include "service/service_workload.h"
#include "service/windows_platform.h"
#include "win32/security.h"

namespace regwatch {

int run_in_console(const CommonOptions& options) {
    const Console error(Console::Stream::error);
    const auto failed = [&error](const Error& what) {
        error.write_line("regwatch: " + what.text());
        return static_cast<int>(ExitCode::failure);
    };
    const auto places = find_places(options);
    if (!places) return failed(places.error());
    auto platform = WindowsPlatform::create([&](FileSystem&, EventLog&, const Clock&) {
        return std::make_unique<ConsoleJournal>(
            [&error](std::string_view line) { error.write_line(std::string(line)); },
            error.colour());
    });
    if (!platform) return failed(platform.error());
    WindowsPlatform& windows = **platform;
    // The other folders are made by those who write into them. What is known of keys that not everybody
    // may read must not lie open either; that it cannot be kept is told by whoever tries.
    (void)win32::create_protected_folder(places->state_folder, win32::FolderAccess::private_to_us);
    const auto inbox = std::make_shared<ServiceInbox>();
    ServicePlan plan;
    plan.config = places->config;
    plan.data_directory = places->data_directory;
    plan.host_name = host_name();
    plan.on_config_written = [inbox] { inbox->request(ServiceRequest::look_at_file); };
    ServiceWorkload workload(std::move(plan), windows.ports(),
                             {windows.host_executor(), windows.file_watcher()});
    const auto failure =
        live_in_console(workload, windows.host_executor(), inbox, [&error](ServicePhase phase) {
            error.write_line(std::string("regwatch: ") + name_of(phase) +
                             (phase == ServicePhase::running ? "; Ctrl-C stops it" : ""));
        });
    return static_cast<int>(failure ? exit_code_of(failure->step) : ExitCode::ok);
}

}  // namespace regwatch
