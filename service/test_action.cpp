#include "service/test_action.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>
#include <string_view>

#include "change/ulid.h"
#include "text/utf.h"

namespace regwatch {

namespace {

constexpr const char* kTrying = "trying the action";

ValueData text_data(std::u16string_view text) {
    ValueData data{ValueType::sz, {}};
    for (const char16_t unit : std::u16string(text) + u'\0') {
        data.bytes.push_back(static_cast<std::uint8_t>(unit & 0xFF));
        data.bytes.push_back(static_cast<std::uint8_t>(unit >> 8));
    }
    return data;
}

std::string new_id(WallTime now) {
    std::random_device random;
    std::uniform_int_distribution<unsigned> byte(0, 255);
    UlidMaker::Random bytes{};
    for (auto& b : bytes) b = static_cast<std::uint8_t>(byte(random));
    return UlidMaker().next(now, bytes);
}

}  // namespace

Change test_change(WallTime now) {
    Change change;
    change.id = new_id(now);
    change.kind = DifferenceKind::value_set;
    change.key = {Root::local_machine, u"SOFTWARE\\RegWatch\\TestAction", View::bits64};
    change.value_name = u"Example";
    change.before = text_data(u"the old data");
    change.after = text_data(u"the new data");
    change.detected_at = change.not_before = change.key_last_write = now;
    change.watch = "test-action";
    change.tags = {"test"};
    change.severity = Severity::info;
    return change;
}

Result<std::optional<ActionFailure>> test_action(const Settings& settings, const std::string& name,
                                                 const MakeAction& make, WallTime now) {
    const auto found =
        std::find_if(settings.actions.begin(), settings.actions.end(),
                     [&](const ActionSettings& action) { return action.name == name; });
    if (found == settings.actions.end()) {
        std::string known;
        for (const ActionSettings& action : settings.actions) {
            known += (known.empty() ? "" : ", ") + action.name;
        }
        return Error{ErrorKind::not_found, 0, kTrying, name,
                     "no action of that name is switched on; there is " + known};
    }
    if (std::holds_alternative<RestoreSettings>(found->what)) {
        return Error{ErrorKind::unsupported, 0, kTrying, name,
                     "it would write to the registry, where nothing has changed"};
    }
    const auto action = make(*found);
    if (!action) return action.error();
    return (*action)->deliver(test_change(now));
}

Result<ProcessOutcome> RememberingRunner::run(const ProcessSpec& spec) {
    const SteadyTime begin = clock_.steady_now();
    auto outcome = runner_.run(spec);
    if (outcome) last_ = Run{*outcome, clock_.steady_now() - begin};
    return outcome;
}

std::vector<std::string> run_report(const RememberingRunner::Run& run) {
    const ProcessOutcome& outcome = run.outcome;
    char took[32];
    std::snprintf(took, sizeof took, "%.3f s", std::chrono::duration<double>(run.took).count());
    std::vector<std::string> lines = {
        outcome.end == ProcessOutcome::End::exited
            ? "The program ended with exit code " + std::to_string(outcome.exit_code) + " after " +
                  took + "."
            : std::string("The program was ended after ") + took + "."};
    if (outcome.output.empty()) {
        lines.emplace_back("It wrote nothing.");
        return lines;
    }
    lines.emplace_back(outcome.output_truncated
                           ? "It wrote more than output_limit keeps; the end of that:"
                           : "It wrote:");
    std::string_view rest = outcome.output;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back("  " + readable(line));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return lines;
}

}  // namespace regwatch
