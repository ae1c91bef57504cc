#include "service/commands.h"
#include "service/console.h"
#include "service/console_host.h"
#include "service/console_journal.h"
#include "service/places.h"
#include "service/watch_workload.h"
#include "service/windows_platform.h"
#include "win32/current_user.h"

namespace regwatch {
namespace {

// For a person: what happens to the keys. A script gets that from the first line of the output.
class WatchNotices : public Journal {
public:
    WatchNotices(const Console& error, bool json)
        : json_(json),
          text_([&error](std::string_view line) { error.write_line(std::string(line)); },
                error.colour()) {}

    void write(const Notice& notice) noexcept override {
        const EventKind& kind = kind_of(notice.id);
        if (json_ && kind.level == EventLevel::information) return;
        text_.write(notice);
    }

private:
    const bool json_;
    ConsoleJournal text_;
};

std::optional<StartFailure> live(Settings settings, bool json, WindowsPlatform& windows,
                                 const Console& error) {
    const Console output(Console::Stream::output);
    const auto inbox = std::make_shared<ServiceInbox>();
    WatchOutput printed;
    printed.write = [&output](std::string_view lines) { return output.write(lines); };
    printed.on_output_gone = [inbox] { inbox->request_stop(); };
    printed.colour = output.colour();
    printed.json = json;
    printed.host_name = host_name();
    WatchWorkload workload(std::move(settings), std::move(printed), windows.ports());
    return live_in_console(workload, windows.host_executor(), inbox, [&](ServicePhase phase) {
        if (phase == ServicePhase::running && !json)
            error.write_line("Changes are printed as they happen; Ctrl-C ends this.");
    });
}

}  // namespace

int watch_in_console(const WatchCommand& command) {
    const Console error(Console::Stream::error);
    const auto failed = [&error](const std::string& what, ExitCode code) {
        error.write_line("regwatch: " + what);
        return static_cast<int>(code);
    };
    const auto own_hive = win32::current_user_sid();
    if (!own_hive) return failed(own_hive.error().text(), ExitCode::failure);
    auto settings = watch_settings(command, *own_hive);
    if (!settings) return failed(settings.error().text(), ExitCode::usage);
    auto platform = WindowsPlatform::create([&](FileSystem&, EventLog&, const Clock&) {
        return std::make_unique<WatchNotices>(error, command.json);
    });
    if (!platform) return failed(platform.error().text(), ExitCode::failure);
    const auto failure = live(std::move(settings).value(), command.json, **platform, error);
    if (failure) return failed(failure->reason, exit_code_of(failure->step));
    return static_cast<int>(ExitCode::ok);
}

}  // namespace regwatch
