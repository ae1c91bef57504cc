#include "service/explain.h"

#include <algorithm>
#include <span>
#include <utility>

#include "change/data_text.h"
#include "service/in_quotes.h"
#include "text/fold.h"
#include "watch/key_names.h"
#include "watch/key_pattern.h"

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

bool is_companion(std::u16string_view hive) { return matches_glob(u"*_Classes", hive); }

struct Verdict {
    Seen seen = Seen::nothing;
    int closeness = 0;  // of a verdict against it: the greatest is worth telling
    std::string reason;
};

std::string why_left_out(const Selection& selection, const std::u16string& path) {
    const auto fits = [&](const PathPattern& pattern) { return pattern.matches(path); };
    const auto& excluded = selection.exclude_subkeys;
    if (std::any_of(excluded.begin(), excluded.end(), fits))
        return "its \"exclude_subkeys\" leaves out " + in_quotes(path);
    const auto& included = selection.include_subkeys;
    if (std::any_of(included.begin(), included.end(),
                    [&](const PathPattern& pattern) { return pattern.fit(path).below; }))
        return "it lies deeper than its \"max_depth\"";
    return "its \"include_subkeys\" does not have " + in_quotes(path);
}

// What the watch sees of a key, whose names below the watched one these are.
Verdict below_watched(const KeyPath& watched, const WatchSettings& watch,
                      std::span<const std::u16string> below) {
    constexpr const char* kNames =
        " watches the names of its subkeys: that this key is created or deleted, but nothing in it";
    if (below.empty()) return {Seen::content, 0, in_quotes(watched) + " watches this very key"};
    std::u16string path;
    for (std::size_t depth = 1; depth <= below.size(); ++depth) {
        if (depth > 1) path += u'\\';
        path += below[depth - 1];
        const bool is_last = depth == below.size();
        const Selection::Subkey fate = watch.selection.subkey(path);
        if (fate == Selection::Subkey::left_out)
            return {Seen::nothing, 5, why_left_out(watch.selection, path)};
        if (!watch.recursive) {
            if (is_last) return {Seen::name, 0, in_quotes(watched) + kNames};
            return {Seen::nothing, 3,
                    "it lies below " + in_quotes(watched) + ", and the watch is not \"recursive\""};
        }
        if (is_last && fate == Selection::Subkey::passed)
            return {Seen::name, 0,
                    "\"include_subkeys\" leads through it: that this key is created or deleted is "
                    "seen, but nothing in it"};
        if (fate != Selection::Subkey::named) continue;
        if (is_last)
            return {Seen::name, 0,
                    "it is one level below the \"max_depth\" of " + in_quotes(watched) +
                        ": that this key is created or deleted is seen, but nothing in it"};
        return {Seen::nothing, 5, "it lies deeper than its \"max_depth\""};
    }
    return {Seen::content, 0, in_quotes(watched) + " watches everything below it"};
}

// Of one value, or of what becomes of a key.
Verdict with_what_is_asked(Verdict verdict, const WatchSettings& watch,
                           const std::optional<std::u16string>& value) {
    if (verdict.seen == Seen::nothing) return verdict;
    if (value && verdict.seen == Seen::name) {
        const char* const more = watch.recursive ? "" : "; the watch is not \"recursive\"";
        return {Seen::nothing, 5, std::move(verdict.reason) + more};
    }
    if (value && !watch.selection.wants_value(*value))
        return {Seen::nothing, 6,
                "its \"include_values\" or \"exclude_values\" leaves out the value"};
    if (possible_kinds(watch.changes, verdict.seen, value.has_value()).empty())
        return {Seen::nothing, 6, "its \"changes\" has nothing that could become of it"};
    return verdict;
}

bool goes_on(const Verdict& best, const Verdict& next) {
    if ((best.seen == Seen::nothing) != (next.seen == Seen::nothing))
        return best.seen == Seen::nothing;
    return best.seen == Seen::nothing ? next.closeness > best.closeness : next.seen > best.seen;
}

// Of one watched key and one name of the subject; with "**" it may lie below in several ways.
Verdict judge(const KeyPath& watched, const WatchSettings& watch, const KeyName& name,
              const std::optional<std::u16string>& value) {
    if (!same_root(watched, name.key))
        return {Seen::nothing, 0, "no key of it is in the same hive"};
    const Names names = name.key.components();
    const Names pattern = pattern_of(watched);
    Verdict best{Seen::nothing, -1, {}};
    for (std::size_t upper = names.size() + 1; upper-- > name.through;) {
        if (!matches(pattern, std::span(names).first(upper))) continue;
        Verdict next;
        if (watched.root == Root::current_user && (names.empty() || !is_hive_of_a_person(names[0])))
            next = {Seen::nothing, 2,
                    in_quotes(watched) + " stands for the hives of people, and this is none"};
        else if (watched.root == Root::users && !pattern.empty() && is_companion(names[0]) &&
                 !is_companion(pattern[0]))
            continue;
        else if (watched.view != name.key.view)
            next = {Seen::nothing, 4,
                    in_quotes(watched) + " watches the " +
                        (watched.view == View::bits32 ? "32-bit" : "64-bit") +
                        " registry, and this is a key of the other one"};
        else
            next = with_what_is_asked(
                below_watched(watched, watch, std::span(names).subspan(upper)), watch, value);
        if (goes_on(best, next)) best = std::move(next);
    }
    if (best.closeness >= 0) return best;
    if (leads_to(pattern, names))
        return {
            Seen::nothing, 1,
            "it lies above " + in_quotes(watched) +
                "; only if it is deleted with all that is in it, that key is reported as deleted"};
    return {Seen::nothing, 0, "none of its keys covers this one"};
}

}  // namespace

std::optional<std::u16string> plain_value(const std::optional<std::u16string>& value) {
    if (value && equal_folded(*value, kDefaultValueText)) return std::u16string();
    return value;
}

WatchExplanation explain_watch(const WatchSettings& watch, const ExplainSubject& subject) {
    WatchExplanation explanation{watch.name, false, "it has no keys", {}, {}};
    const auto value = plain_value(subject.value);
    Verdict best{Seen::nothing, -1, {}};
    for (const KeyName& name : names_of(subject.key, subject.control_set)) {
        for (const KeyPath& key : watch.keys) {
            Verdict next = judge(key, watch, name, value);
            if (!goes_on(best, next)) continue;
            best = std::move(next);
            explanation.reason = best.reason;
            explanation.reports = best.seen != Seen::nothing;
            explanation.changes = {name.key, subject.control_set, value,
                                   possible_kinds(watch.changes, best.seen, value.has_value())};
        }
    }
    if (explanation.reports) explanation.actions = watch.actions;
    return explanation;
}

}  // namespace regwatch
