#include "service/service_status.h"

#include <utility>

#include "platform/folder.h"
#include "service/console.h"
#include "service/exit_code.h"
#include "service/places.h"
#include "service/scm_host.h"
#include "service/service_control.h"
#include "win32/windows.h"

namespace regwatch {
namespace {

Error does_not_run(const std::string& name) {
    return {ErrorKind::not_found, 0, "asking the service", name, "it does not run"};
}

}  // namespace

Result<StatusReader> StatusReader::create(const CommonOptions& options) {
    const auto places = find_places(options_of_service(options));
    if (!places) return places.error();
    return StatusReader(options.service_name, join_path(places->state_folder, "status.json"));
}

StatusMark StatusReader::last() const {
    const auto json = read_whole_file(file_);
    return json ? status_mark(*json) : StatusMark{};
}

Result<std::string> StatusReader::ask() const {
    const auto now = ask_service(name_);
    if (!now) return now.error();
    if (now->state == SERVICE_STOPPED || now->state == SERVICE_STOP_PENDING)
        return does_not_run(name_);
    const StatusMark before = last();
    if (auto sent = send_control(name_, kStatusControl); !sent) return std::move(sent).error();
    std::string answer;
    bool stopped = false;
    const bool answered = wait_for("the status of the service " + name_, [&] {
        // Replaced under our hands, it may not be readable for a moment.
        const auto json = read_whole_file(file_);
        if (json && status_mark(*json).is_newer_than(before)) answer = *json;
        const auto state = ask_service(name_);
        stopped = state && state->state == SERVICE_STOPPED;
        return !answer.empty() || stopped;
    });
    if (!answer.empty()) return answer;
    if (stopped || !answered)
        return stopped ? does_not_run(name_)
                       : Error{ErrorKind::transient, 0, "asking the service", name_,
                               "it did not answer into " + file_};
    return does_not_run(name_);
}

int complain_about_service(const Error& error) {
    const Console console(Console::Stream::error);
    console.write_line("regwatch: " + error.text());
    switch (error.code) {
        case ERROR_ACCESS_DENIED:
            console.write_line("Run this from an elevated prompt (\"Run as administrator\").");
            break;
        case ERROR_SERVICE_DOES_NOT_EXIST:
            console.write_line("'regwatch install' creates it; --name tells which one is meant.");
            break;
        default:
            break;
    }
    const bool not_running =
        error.kind == ErrorKind::not_found || error.code == ERROR_SERVICE_NOT_ACTIVE;
    return static_cast<int>(not_running ? ExitCode::not_running : ExitCode::failure);
}

}  // namespace regwatch
