#include "delivery/filter.h"

#include <algorithm>
#include <string_view>

#include "change/data_text.h"
#include "change/sysmon.h"
#include "text/fold.h"
#include "text/utf.h"

namespace regwatch {
namespace {

bool passes_values(const std::vector<std::u16string>& patterns, const Change& change) {
    if (patterns.empty()) return true;
    if (!is_about_a_value(change.kind)) return false;
    const std::u16string_view name =
        change.value_name.empty() ? std::u16string_view(kDefaultValueText) : change.value_name;
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::u16string& pattern) { return matches_glob(pattern, name); });
}

std::u16string text_of(SysmonField field, const SysmonFields& fields) {
    switch (field) {
        case SysmonField::target_object:
            return fields.target_object;
        case SysmonField::details:
            return fields.details.value_or(u"");
        case SysmonField::event_type:
            return to_utf16(fields.event_type);
        case SysmonField::new_name:
            return fields.new_name.value_or(u"");
    }
    return {};
}

// All three take folded texts.
using Test = bool (*)(std::u16string_view whole, std::u16string_view part) noexcept;
bool equals(std::u16string_view whole, std::u16string_view part) noexcept { return whole == part; }
bool holds(std::u16string_view whole, std::u16string_view part) noexcept {
    return whole.find(part) != std::u16string_view::npos;
}
bool begins(std::u16string_view whole, std::u16string_view part) noexcept {
    return whole.starts_with(part);
}
bool ends(std::u16string_view whole, std::u16string_view part) noexcept {
    return whole.ends_with(part);
}

// How often the test has to come true among the texts: any, all, not all, or none.
enum class Wanted { any, all, not_all, none };

struct Rule {
    Test test = equals;
    Wanted wanted = Wanted::any;
};

Rule rule_of(Comparison comparison) noexcept {
    switch (comparison) {
        case Comparison::is:
        case Comparison::is_any:
            return {equals, Wanted::any};
        case Comparison::is_not:
            return {equals, Wanted::none};
        case Comparison::contains:
        case Comparison::contains_any:
            return {holds, Wanted::any};
        case Comparison::contains_all:
            return {holds, Wanted::all};
        case Comparison::excludes_any:
            return {holds, Wanted::not_all};
        case Comparison::excludes:
        case Comparison::excludes_all:
            return {holds, Wanted::none};
        case Comparison::begin_with:
            return {begins, Wanted::any};
        case Comparison::not_begin_with:
            return {begins, Wanted::none};
        case Comparison::end_with:
            return {ends, Wanted::any};
        case Comparison::not_end_with:
            return {ends, Wanted::none};
    }
    return {};
}

bool holds_true(const FieldCondition& condition, const SysmonFields& fields) {
    const std::u16string whole = fold(text_of(condition.field, fields));
    const Rule rule = rule_of(condition.comparison);
    const auto matches = [&](const std::u16string& part) { return rule.test(whole, fold(part)); };
    const auto& texts = condition.texts;
    switch (rule.wanted) {
        case Wanted::any:
            return std::any_of(texts.begin(), texts.end(), matches);
        case Wanted::all:
            return std::all_of(texts.begin(), texts.end(), matches);
        case Wanted::not_all:
            return !std::all_of(texts.begin(), texts.end(), matches);
        case Wanted::none:
            return std::none_of(texts.begin(), texts.end(), matches);
    }
    return true;
}

}  // namespace

ChangeKind kind_of(const Change& change) noexcept {
    switch (change.kind) {
        case DifferenceKind::value_set:
            return change.before ? ChangeKind::value_changed : ChangeKind::value_created;
        case DifferenceKind::value_deleted:
            return ChangeKind::value_deleted;
        case DifferenceKind::key_created:
            return ChangeKind::key_created;
        case DifferenceKind::key_deleted:
            return ChangeKind::key_deleted;
        case DifferenceKind::key_renamed:
            return ChangeKind::key_renamed;
        case DifferenceKind::security_changed:
            return ChangeKind::key_security_changed;
    }
    return ChangeKind::value_changed;
}

bool passes(const ChangeFilter& filter, const Change& change) {
    if (change.severity < filter.severity) return false;
    const auto& kinds = filter.kinds;
    if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), kind_of(change)) == kinds.end()) {
        return false;
    }
    if (!passes_values(filter.values, change)) return false;
    if (filter.conditions.empty()) return true;
    const SysmonFields fields = sysmon_fields(change);
    return std::all_of(filter.conditions.begin(), filter.conditions.end(),
                       [&](const FieldCondition& one) { return holds_true(one, fields); });
}

std::vector<std::string> actions_for(const WatchSettings& watch, const Change& change) {
    std::vector<std::string> names;
    for (const std::string& action : watch.actions) {
        const auto blocks = [&](const ActionFilter& one) {
            return one.action == action && !passes(one.filter, change);
        };
        if (std::none_of(watch.filters.begin(), watch.filters.end(), blocks))
            names.push_back(action);
    }
    return names;
}

}  // namespace regwatch
