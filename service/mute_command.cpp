#include "platform/folder.h"
#include "service/commands.h"
#include "service/console.h"
#include "service/exit_code.h"
#include "service/mutes.h"
#include "service/places.h"
#include "service/scm_host.h"
#include "service/service_control.h"
#include "service/service_status.h"
#include "settings/values.h"
#include "win32/clock.h"

namespace regwatch {
namespace {

// What cannot be read is what the service does not follow either.
std::vector<Mute> mutes_in(const std::string& file) {
    const auto text = read_whole_file(file);
    auto mutes = text ? parse_mutes(*text) : Result<std::vector<Mute>>(std::vector<Mute>());
    return mutes ? std::move(mutes).value() : std::vector<Mute>();
}

}  // namespace

int mute(const CommonOptions& options, const MuteCommand& command) {
    const auto reader = StatusReader::create(options);
    if (!reader) return complain_about_service(reader.error());
    const auto status = reader->ask();
    if (!status) return complain_about_service(status.error());
    if (!command.watch.empty() && !status_has_watch(*status, command.watch))
        return complain("the service has no watch " + command.watch);

    const auto places = find_places(options_of_service(options));
    if (!places) return complain(places.error().text());
    const std::string file = join_path(places->state_folder, kMutesFile);
    const WallTime now = win32::SystemClock().wall_now();
    Mute mute{command.watch, now};
    if (const auto length = parse_duration(command.duration))
        mute.until += std::chrono::duration_cast<WallTicks>(std::chrono::milliseconds(*length));
    const auto written = replace_file(file, mutes_json(with_mute(mutes_in(file), mute, now)));
    if (!written) return complain(written.error().text());
    if (const auto sent = send_control(options.service_name, kMuteControl); !sent)
        return complain_about_service(sent.error());
    // It answers after it has read the file.
    if (const auto answer = reader->ask(); !answer) return complain_about_service(answer.error());
    const std::string name = muted_name(command.watch);
    Console(Console::Stream::output)
        .write_line(command.off ? "The changes of " + name + " are delivered again."
                                : "The changes of " + name + " are muted until " +
                                      mute_end_text(mute.until) +
                                      "; how many that were is told afterwards.");
    return static_cast<int>(ExitCode::ok);
}

}  // namespace regwatch
