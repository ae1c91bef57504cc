#include "service/explain_when.h"

#include <algorithm>
#include <utility>

#include "delivery/filter.h"

namespace regwatch {
namespace {

// What refuses it; the greatest is worth telling, for it is nearest to letting it pass.
enum class Refusal { none, kinds, values, condition, severity };

struct Answer {
    Refusal refusal = Refusal::none;
    bool is_known = true;  // it does not depend on what is in the change
};

bool is_of_a_key(ChangeKind kind) {
    return kind != ChangeKind::value_created && kind != ChangeKind::value_changed &&
           kind != ChangeKind::value_deleted;
}

DifferenceKind difference_of(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::value_created:
        case ChangeKind::value_changed:
            return DifferenceKind::value_set;
        case ChangeKind::value_deleted:
            return DifferenceKind::value_deleted;
        case ChangeKind::key_created:
            return DifferenceKind::key_created;
        case ChangeKind::key_deleted:
            return DifferenceKind::key_deleted;
        case ChangeKind::key_renamed:
            return DifferenceKind::key_renamed;
        case ChangeKind::key_security_changed:
            return DifferenceKind::security_changed;
    }
    return DifferenceKind::value_set;
}

class Example {
public:
    Example(const PossibleChanges& changes, ChangeKind kind)
        : kind_(kind), names_all_(is_of_a_key(kind) || changes.value) {
        change_.kind = difference_of(kind);
        change_.key = changes.key;
        change_.control_set = changes.control_set;
        if (!is_of_a_key(kind) && changes.value) change_.value_name = *changes.value;
        if (kind == ChangeKind::value_changed) change_.before.emplace();
    }

    [[nodiscard]] Answer judge(const ChangeFilter& filter, Severity severity) const {
        if (severity < filter.severity) return {Refusal::severity};
        const auto& kinds = filter.kinds;
        if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), kind_) == kinds.end())
            return {Refusal::kinds};
        Answer answer;
        if (!filter.values.empty()) {
            ChangeFilter values;
            values.values = filter.values;
            if (names_all_ && !passes(values, change_)) return {Refusal::values};
            answer.is_known = names_all_;
        }
        for (const FieldCondition& condition : filter.conditions) {
            ChangeFilter one;
            one.conditions = {condition};
            const bool knows = is_known(condition.field);
            if (knows && !passes(one, change_)) return {Refusal::condition};
            answer.is_known = answer.is_known && knows;
        }
        return answer;
    }

private:
    [[nodiscard]] bool is_known(SysmonField field) const {
        switch (field) {
            case SysmonField::target_object:
                return names_all_;
            case SysmonField::event_type:
                return true;
            case SysmonField::details:
                return change_.kind != DifferenceKind::value_set;
            case SysmonField::new_name:
                return change_.kind != DifferenceKind::key_renamed;
        }
        return false;
    }

    const ChangeKind kind_;
    const bool names_all_;  // nothing of what it is called is open
    Change change_;
};

std::string told(Refusal refusal, const WatchSettings& watch) {
    switch (refusal) {
        case Refusal::severity:
            return "its \"when\" asks for a higher severity than " +
                   std::string(name_of(watch.severity));
        case Refusal::condition:
            return "a condition of its \"when\" does not hold";
        case Refusal::values:
            return "its \"when\" takes other values";
        case Refusal::kinds:
            return "its \"when\" takes other kinds of changes";
        case Refusal::none:
            break;
    }
    return {};
}

}  // namespace

std::vector<ChangeKind> possible_kinds(const ChangeKinds& changes, Seen seen, bool of_one_value) {
    std::vector<ChangeKind> kinds;
    const auto add = [&](DifferenceKind difference, std::initializer_list<ChangeKind> some) {
        if (changes.has(difference)) kinds.insert(kinds.end(), some);
    };
    if (seen == Seen::nothing) return kinds;
    if (seen == Seen::content) {
        add(DifferenceKind::value_set, {ChangeKind::value_created, ChangeKind::value_changed});
        add(DifferenceKind::value_deleted, {ChangeKind::value_deleted});
    }
    if (of_one_value) return kinds;
    add(DifferenceKind::key_created, {ChangeKind::key_created});
    add(DifferenceKind::key_deleted, {ChangeKind::key_deleted});
    add(DifferenceKind::key_renamed, {ChangeKind::key_renamed});
    if (seen == Seen::content)
        add(DifferenceKind::security_changed, {ChangeKind::key_security_changed});
    return kinds;
}

FilterVerdict judge_filters(const WatchSettings& watch, const std::string& action,
                            const PossibleChanges& changes) {
    FilterVerdict verdict;
    bool one_may_pass = false;
    Refusal greatest = Refusal::none;
    for (const ChangeKind kind : changes.kinds) {
        const Example example(changes, kind);
        Refusal refusal = Refusal::none;
        for (const auto& [of, filter] : watch.filters) {
            if (of != action) continue;
            const Answer answer = example.judge(filter, watch.severity);
            refusal = std::max(refusal, answer.refusal);
            verdict.has_more = verdict.has_more || !answer.is_known;
        }
        verdict.has_more = verdict.has_more || refusal != Refusal::none;
        one_may_pass = one_may_pass || refusal == Refusal::none;
        greatest = std::max(greatest, refusal);
    }
    if (!one_may_pass) verdict.refusal = told(greatest, watch);
    return verdict;
}

}  // namespace regwatch
