#include "service/explain.h"

#include <algorithm>
#include <variant>

#include "text/utf.h"

namespace regwatch {
namespace {

const char* type_of(const ActionSettings& action) {
    struct TypeName {
        const char* operator()(const LogSettings&) const { return "log"; }
        const char* operator()(const EventLogSettings&) const { return "eventlog"; }
        const char* operator()(const ProgramSettings&) const { return "program"; }
        const char* operator()(const RestoreSettings&) const { return "restore"; }
    };
    return std::visit(TypeName{}, action.what);
}

std::string action_line(const Settings& settings, const WatchSettings& watch,
                        const std::string& name, const PossibleChanges& changes) {
    const auto found = std::find_if(settings.actions.begin(), settings.actions.end(),
                                    [&](const auto& action) { return action.name == name; });
    std::string line = "    action " + name;
    if (found != settings.actions.end()) line += std::string(" (") + type_of(*found) + ")";
    const FilterVerdict verdict = judge_filters(watch, name, changes);
    if (!verdict.refusal.empty()) return line + ": no: " + verdict.refusal + "\n";
    return line + (verdict.has_more ? ": yes, if its \"when\" lets the change pass\n" : ": yes\n");
}

std::string details_of(const WatchSettings& watch, WallTime now) {
    std::string line = std::string("    severity ") + name_of(watch.severity);
    for (const std::string& tag : watch.tags) line += ", " + tag;
    for (const std::string& technique : watch.techniques) line += ", " + technique;
    line += '\n';
    if (watch.mute_at.empty()) return line;
    const bool is_muted = std::any_of(watch.mute_at.begin(), watch.mute_at.end(),
                                      [&](const MuteWindow& window) { return window.covers(now); });
    return line + (is_muted
                       ? "    muted now: nothing is delivered at the times of its \"mute_at\"\n"
                       : "    not muted now, but at the times of its \"mute_at\"\n");
}

std::string actions_of(const LoadOutcome& loaded, const WatchSettings& watch,
                       const WatchExplanation& found) {
    std::string out;
    for (const std::string& action : found.actions)
        out += action_line(*loaded.settings, watch, action, found.changes);
    for (const ActionSettings& action : loaded.settings->actions) {
        if (std::find(found.actions.begin(), found.actions.end(), action.name) ==
            found.actions.end())
            out += "    action " + action.name + " (" + type_of(action) +
                   "): no: it is not among the watch's \"actions\"\n";
    }
    for (const std::string& action : loaded.switched_off.actions)
        out += "    action " + action + ": no: it is switched off (\"enabled\": false)\n";
    return out;
}

std::string title(const ExplainSubject& subject) {
    std::string out = subject.key.utf8();
    if (const auto value = plain_value(subject.value))
        out += value->empty() ? ", the default value" : ", value " + readable(*value);
    return out + "\n\n";
}

}  // namespace

std::string explain_text(const LoadOutcome& loaded, const ExplainSubject& subject, WallTime now) {
    std::string out = title(subject);
    std::size_t reporting = 0;
    std::string silent;
    for (const WatchSettings& watch : loaded.settings->watches) {
        const WatchExplanation found = explain_watch(watch, subject);
        std::string& part = found.reports ? out : silent;
        part += "watch " + found.watch + ": " + (found.reports ? "yes: " : "no: ") + found.reason +
                "\n";
        if (!found.reports) continue;
        ++reporting;
        out += details_of(watch, now) + actions_of(loaded, watch, found);
    }
    for (const WatchSettings& watch : loaded.switched_off.watches) {
        const WatchExplanation found = explain_watch(watch, subject);
        silent += "watch " + found.watch + ": no: it is switched off (\"enabled\": false); " +
                  (found.reports ? "otherwise yes: " : "and otherwise no: ") + found.reason + "\n";
    }
    return out + silent + "\n" + std::to_string(reporting) + " of " +
           std::to_string(loaded.settings->watches.size()) +
           " watch(es) would report a change of it.\n";
}

}  // namespace regwatch
