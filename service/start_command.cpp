#include "service/commands.h"
#include "service/console.h"
#include "service/exit_code.h"
#include "service/service_control.h"
#include "service/service_status.h"
#include "win32/windows.h"

namespace regwatch {
namespace {

int say_done(const std::string& line) {
    Console(Console::Stream::output).write_line(line);
    return static_cast<int>(ExitCode::ok);
}

int tell_failed_start(const std::string& name, const ServiceNow& now) {
    const std::string where = "; the reason is in the Event Log and in regwatch.log";
    if (now.exit_code != ERROR_SERVICE_SPECIFIC_ERROR)
        return complain("the service " + name + " stopped with the error " +
                            std::to_string(now.exit_code) + where,
                        ExitCode::failure);
    const auto step = static_cast<StartStep>(now.specific_exit_code);
    return complain("the service " + name + " failed while " + doing(step) + where,
                    exit_code_of(step));
}

}  // namespace

int start(const CommonOptions& options) {
    const std::string& name = options.service_name;
    if (const auto begun = start_service(name); !begun)
        return complain_about_service(begun.error());
    ServiceNow now;
    const bool settled = wait_for("the service " + name + " to run", [&] {
        if (const auto asked = ask_service(name)) now = *asked;
        return now.state == SERVICE_RUNNING || now.state == SERVICE_STOPPED;
    });
    if (now.state == SERVICE_RUNNING) return say_done("The service " + name + " is running.");
    if (now.state == SERVICE_STOPPED) return tell_failed_start(name, now);
    return complain(settled ? "the service " + name + " is in an unknown state"
                            : "the service " + name + " is still starting",
                    ExitCode::failure);
}

int stop(const CommonOptions& options) {
    const std::string& name = options.service_name;
    const auto before = ask_service(name);
    if (!before) return complain_about_service(before.error());
    if (before->state == SERVICE_STOPPED) return say_done("The service " + name + " does not run.");
    // Once: a second stop makes Wine end the process.
    if (before->state != SERVICE_STOP_PENDING) {
        const auto sent = send_control(name, SERVICE_CONTROL_STOP);
        if (!sent && sent.error().code != ERROR_SERVICE_NOT_ACTIVE)
            return complain_about_service(sent.error());
    }
    const bool stopped = wait_for("the service " + name + " to stop", [&] {
        const auto now = ask_service(name);
        return now && now->state == SERVICE_STOPPED;
    });
    if (stopped) return say_done("The service " + name + " has stopped.");
    return complain("the service " + name + " is still stopping", ExitCode::failure);
}

}  // namespace regwatch
