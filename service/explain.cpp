#include "service/explain.h"

#include <algorithm>
#include <span>
#include <variant>

#include "text/fold.h"
#include "text/utf.h"

namespace regwatch {
namespace {

using Names = std::vector<std::u16string>;

bool matches(std::span<const std::u16string> pattern, std::span<const std::u16string> names) {
    if (pattern.empty()) return names.empty();
    if (pattern.front() == u"**") {
        for (std::size_t i = 0; i <= names.size(); ++i)
            if (matches(pattern.subspan(1), names.subspan(i))) return true;
        return false;
    }
    return !names.empty() && matches_glob(pattern.front(), names.front()) &&
           matches(pattern.subspan(1), names.subspan(1));
}

// Whether names below the pattern's beginning could be what it goes on with.
bool leads_to(std::span<const std::u16string> pattern, std::span<const std::u16string> names) {
    if (names.empty()) return !pattern.empty();
    if (pattern.empty()) return false;
    if (pattern.front() == u"**") return true;
    return matches_glob(pattern.front(), names.front()) &&
           leads_to(pattern.subspan(1), names.subspan(1));
}

// HKCU of a config is the hive of each person, one level below HKU.
Names pattern_of(const KeyPath& key) {
    Names names = key.components();
    if (key.root == Root::current_user) names.insert(names.begin(), u"S-1-*");
    return names;
}

bool same_root(const KeyPath& watched, const KeyPath& key) {
    const bool users = watched.root != Root::local_machine;
    return users == (key.root != Root::local_machine);
}

bool is_hive_of_a_person(const Names& names) {
    return !names.empty() &&
           (matches_glob(u"S-1-5-21-*", names[0]) || matches_glob(u"S-1-12-*", names[0])) &&
           !matches_glob(u"*_Classes", names[0]);
}

// How far the subject lies below a watched key: the least number of levels.
std::optional<std::size_t> levels_below(const Names& pattern, const Names& names) {
    for (std::size_t below = 0; below <= names.size(); ++below) {
        const auto upper = std::span(names).first(names.size() - below);
        if (matches(pattern, upper)) return below;
    }
    return std::nullopt;
}

std::string quoted(const KeyPath& key) { return "\"" + key.utf8() + "\""; }

struct Verdict {
    bool reports = false;
    int closeness = 0;  // of a verdict against it: the greatest is worth telling
    std::string reason;
};

Verdict below_watched(const KeyPath& watched, const WatchSettings& watch, std::size_t below,
                      const ExplainSubject& subject) {
    if (below == 0) return {true, 0, quoted(watched) + " watches this very key"};
    if (watch.recursive) return {true, 0, quoted(watched) + " watches everything below it"};
    if (below == 1 && !subject.value)
        return {true, 0,
                quoted(watched) +
                    " watches the names of its subkeys: that this key is created or deleted, but "
                    "nothing in it"};
    return {false, 3, "it lies below " + quoted(watched) + ", and the watch is not \"recursive\""};
}

Verdict judge(const KeyPath& watched, const WatchSettings& watch, const ExplainSubject& subject) {
    if (!same_root(watched, subject.key)) return {false, 0, "no key of it is in the same hive"};
    const Names names = subject.key.components();
    const Names pattern = pattern_of(watched);
    if (const auto below = levels_below(pattern, names)) {
        if (watched.root == Root::current_user && !is_hive_of_a_person(names))
            return {false, 2,
                    quoted(watched) + " stands for the hives of people, and this is none"};
        if (watched.view != subject.key.view)
            return {false, 4,
                    quoted(watched) + " watches the " +
                        (watched.view == View::bits32 ? "32-bit" : "64-bit") +
                        " registry, and this key was looked for in the other one (--view)"};
        return below_watched(watched, watch, *below, subject);
    }
    if (leads_to(pattern, names))
        return {
            false, 1,
            "it lies above " + quoted(watched) +
                "; only if it is deleted with all that is in it, that key is reported as deleted"};
    return {false, 0, "none of its keys covers this one"};
}

const char* type_of(const ActionSettings& action) {
    struct TypeName {
        const char* operator()(const LogSettings&) const { return "log"; }
        const char* operator()(const EventLogSettings&) const { return "eventlog"; }
        const char* operator()(const ProgramSettings&) const { return "program"; }
        const char* operator()(const RestoreSettings&) const { return "restore"; }
    };
    return std::visit(TypeName{}, action.what);
}

// What an action's "when" says of the subject: why it certainly gets nothing, or what may still keep a
// change from it.
struct FilterVerdict {
    std::string refusal;
    bool has_more = false;
};

bool names_value(const ChangeFilter& filter, const std::u16string& value) {
    return std::any_of(filter.values.begin(), filter.values.end(),
                       [&](const auto& pattern) { return matches_glob(pattern, value); });
}

FilterVerdict judge_filters(const WatchSettings& watch, const std::string& action,
                            const ExplainSubject& subject) {
    FilterVerdict verdict;
    for (const auto& [of, filter] : watch.filters) {
        if (of != action) continue;
        if (watch.severity < filter.severity)
            verdict.refusal = "its \"when\" takes changes of severity " +
                              std::string(name_of(filter.severity)) + " and above";
        if (subject.value && !filter.values.empty() && !names_value(filter, *subject.value))
            verdict.refusal = "its \"when\" takes other values";
        verdict.has_more = verdict.has_more || !filter.kinds.empty() || !filter.conditions.empty();
    }
    return verdict;
}

std::string action_line(const Settings& settings, const WatchSettings& watch,
                        const std::string& name, const ExplainSubject& subject) {
    const auto found = std::find_if(settings.actions.begin(), settings.actions.end(),
                                    [&](const auto& action) { return action.name == name; });
    std::string line = "    action " + name;
    if (found != settings.actions.end()) line += std::string(" (") + type_of(*found) + ")";
    const FilterVerdict verdict = judge_filters(watch, name, subject);
    if (!verdict.refusal.empty()) return line + ": no: " + verdict.refusal + "\n";
    return line + (verdict.has_more ? ": yes, if its \"when\" lets the change pass\n" : ": yes\n");
}

std::string details_of(const WatchSettings& watch) {
    std::string line = std::string("    severity ") + name_of(watch.severity);
    for (const std::string& tag : watch.tags) line += ", " + tag;
    for (const std::string& technique : watch.techniques) line += ", " + technique;
    return line + "\n";
}

}  // namespace

WatchExplanation explain_watch(const WatchSettings& watch, const ExplainSubject& subject) {
    WatchExplanation explanation{watch.name, false, "it has no keys", {}};
    int closest = -1;
    for (const KeyPath& key : watch.keys) {
        Verdict verdict = judge(key, watch, subject);
        if (!verdict.reports && verdict.closeness <= closest) continue;
        closest = verdict.closeness;
        explanation.reason = std::move(verdict.reason);
        explanation.reports = verdict.reports;
        if (verdict.reports) break;
    }
    if (explanation.reports) explanation.actions = watch.actions;
    return explanation;
}

std::string explain_text(const Settings& settings, const ExplainSubject& subject) {
    std::string out = subject.key.utf8();
    if (subject.value)
        out +=
            subject.value->empty() ? ", the default value" : ", value " + to_utf8(*subject.value);
    out += "\n\n";
    std::size_t reporting = 0;
    std::string silent;
    for (const WatchSettings& watch : settings.watches) {
        const WatchExplanation found = explain_watch(watch, subject);
        std::string& part = found.reports ? out : silent;
        part += "watch " + found.watch + ": " + (found.reports ? "yes: " : "no: ") + found.reason +
                "\n";
        if (!found.reports) continue;
        ++reporting;
        out += details_of(watch);
        for (const std::string& action : found.actions)
            out += action_line(settings, watch, action, subject);
        for (const ActionSettings& action : settings.actions) {
            if (std::find(found.actions.begin(), found.actions.end(), action.name) ==
                found.actions.end())
                out += "    action " + action.name + " (" + type_of(action) +
                       "): no: it is not among the watch's \"actions\"\n";
        }
    }
    return out + silent + "\n" + std::to_string(reporting) + " of " +
           std::to_string(settings.watches.size()) + " watch(es) would report a change of it.\n";
}

}  // namespace regwatch
