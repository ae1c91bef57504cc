#include "service/commands.h"
#include "service/console.h"
#include "service/exit_code.h"
#include "service/scm_host.h"
#include "service/service_control.h"
#include "service/service_status.h"
#include "win32/windows.h"

namespace regwatch {
namespace {

constexpr int kMostQuestions = 20;

// A service that does not take the usual control, for example while it is starting, takes ours.
Result<void> ask_for_reload(const std::string& name) {
    auto sent = send_control(name, SERVICE_CONTROL_PARAMCHANGE);
    if (sent || sent.error().code != ERROR_INVALID_SERVICE_CONTROL) return sent;
    return send_control(name, kReloadControl);
}

int tell_outcome(const StatusMark& after) {
    if (after.refused_as == ExitCode::ok) {
        Console(Console::Stream::output)
            .write_line("The configuration is in use: " + std::to_string(after.watches) +
                        " watch(es), " + std::to_string(after.actions) + " action(s).");
        return static_cast<int>(ExitCode::ok);
    }
    const Console error(Console::Stream::error);
    for (const std::string& problem : after.problems) error.write_line(problem);
    error.write_line("The configuration was not taken over; the one before it goes on.");
    return static_cast<int>(after.refused_as);
}

// A status that is asked for after a reload is written after it, so a few questions are enough: the
// service may have been busy with an earlier reload. Without a bound it would be asked for ever.
int wait_for_outcome(const StatusReader& reader, const StatusMark& before) {
    for (int asked = 0; asked < kMostQuestions; ++asked) {
        const auto json = reader.ask();
        if (!json) return complain_about_service(json.error());
        const StatusMark after = status_mark(*json);
        if (after.started_at != before.started_at || after.reloads_done > before.reloads_done)
            return tell_outcome(after);
    }
    return complain("the service did not read its configuration again");
}

}  // namespace

int reload(const CommonOptions& options, const ReloadCommand& command) {
    const auto reader = StatusReader::create(options);
    if (!reader) return complain_about_service(reader.error());
    StatusMark before;
    if (command.wait) {
        const auto json = reader->ask();
        if (!json) return complain_about_service(json.error());
        before = status_mark(*json);
    }
    if (const auto sent = ask_for_reload(options.service_name); !sent)
        return complain_about_service(sent.error());
    if (command.wait) return wait_for_outcome(*reader, before);
    Console(Console::Stream::output)
        .write_line("The service " + options.service_name +
                    " reads its configuration again; what comes of it is in the Event Log and in "
                    "'regwatch status'.");
    return static_cast<int>(ExitCode::ok);
}

}  // namespace regwatch
