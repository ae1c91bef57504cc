#include "service/commands.h"
#include "service/console.h"
#include "service/exit_code.h"
#include "service/service_status.h"

namespace regwatch {

int status(const CommonOptions& options, const StatusCommand& command) {
    const auto reader = StatusReader::create(options);
    if (!reader) return complain_about_service(reader.error());
    const auto json = reader->ask();
    if (!json) return complain_about_service(json.error());
    Console(Console::Stream::output).write(command.json ? *json : status_text(*json));
    return static_cast<int>(ExitCode::ok);
}

}  // namespace regwatch
