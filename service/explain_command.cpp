#include <utility>

#include "service/commands.h"
#include "service/config_file.h"
#include "service/console.h"
#include "service/exit_code.h"
#include "service/explain.h"
#include "service/places.h"
#include "service/service_control.h"
#include "text/utf.h"
#include "watch/control_set.h"
#include "win32/clock.h"
#include "win32/current_user.h"
#include "win32/registry.h"

namespace regwatch {
namespace {

// HKCU is a person's own hive here, as for `watch`.
Result<KeyPath> subject_key(const ExplainCommand& command) {
    auto key = KeyPath::parse(std::string_view(command.key), command.view);
    if (!key || key->root != Root::current_user) return key;
    const auto own = win32::current_user_sid();
    if (!own) return own.error();
    key->root = Root::users;
    const std::u16string below = std::exchange(key->subkey, {own->begin(), own->end()});
    if (!below.empty()) key->subkey += u"\\" + below;
    return key;
}

}  // namespace

int explain(const CommonOptions& options, const ExplainCommand& command) {
    const Console error(Console::Stream::error);
    const auto failed = [&error](const std::string& what, ExitCode code) {
        error.write_line("regwatch: " + what);
        return static_cast<int>(code);
    };
    auto key = subject_key(command);
    if (!key) return failed(key.error().text(), ExitCode::usage);
    const auto places = find_places(options_of_service(options));
    if (!places) return failed(places.error().text(), ExitCode::failure);
    const auto loaded = load_config(places->config);
    if (!loaded) return failed(loaded.error().text(), ExitCode::config_unreadable);
    if (!loaded->settings) {
        for (const Problem& problem : loaded->problems) error.write_line(problem.text());
        return static_cast<int>(ExitCode::config_invalid);
    }
    ExplainSubject subject{std::move(key).value(), std::nullopt};
    if (command.about_value) subject.value = to_utf16(command.value);
    if (const auto registry = win32::SystemRegistry::create()) {
        std::u16string current = current_control_set(**registry);
        if (!current.empty()) subject.control_set = std::move(current);
    }
    const WallTime now = win32::SystemClock().wall_now();
    Console(Console::Stream::output).write(explain_text(*loaded, subject, now));
    return static_cast<int>(ExitCode::ok);
}

}  // namespace regwatch
