#include <utility>

#include "service/commands.h"
#include "service/console.h"
#include "service/doctor.h"
#include "service/exit_code.h"
#include "service/service_control.h"

namespace regwatch {

int doctor(const CommonOptions& options, const DoctorCommand& command) {
    DoctorContext context;
    context.options = options_of_service(options);
    auto places = find_places(context.options);
    if (!places) {
        Console(Console::Stream::error).write_line("regwatch: " + places.error().text());
        return static_cast<int>(ExitCode::failure);
    }
    context.places = std::move(places).value();
    if (auto line = service_command_line_of(options.service_name))
        context.image_path = std::move(line).value();
    std::vector<Finding> findings;
    // Before the checks, which then tell how it is afterwards.
    if (command.repair) {
        if (auto repaired = repair_event_source()) findings.push_back(std::move(*repaired));
    }
    for (const DoctorCheck check : doctor_checks()) {
        for (Finding& finding : check(context)) findings.push_back(std::move(finding));
    }
    if (command.self_test) findings.push_back(test_self(context));
    const Console output(Console::Stream::output);
    output.write(command.json ? doctor_json(findings) : doctor_text(findings, output.colour()));
    return static_cast<int>(all_good(findings) ? ExitCode::ok : ExitCode::checks_failed);
}

}  // namespace regwatch
