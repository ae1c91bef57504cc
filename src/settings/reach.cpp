#include "settings/reach.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include "settings/wording.h"
#include "text/fold.h"

namespace regwatch {
namespace {

using Kinds = std::uint32_t;  // a bit for each ChangeKind

constexpr Kinds bit(ChangeKind kind) { return Kinds{1} << static_cast<unsigned>(kind); }

constexpr Kinds kOfValues = bit(ChangeKind::value_created) | bit(ChangeKind::value_changed) |
                            bit(ChangeKind::value_deleted);

Kinds kinds_of(const ChangeKinds& changes) {
    Kinds kinds = 0;
    const auto add = [&](DifferenceKind difference, Kinds some) {
        if (changes.has(difference)) kinds |= some;
    };
    add(DifferenceKind::value_set, bit(ChangeKind::value_created) | bit(ChangeKind::value_changed));
    add(DifferenceKind::value_deleted, bit(ChangeKind::value_deleted));
    add(DifferenceKind::key_created, bit(ChangeKind::key_created));
    add(DifferenceKind::key_deleted, bit(ChangeKind::key_deleted));
    add(DifferenceKind::key_renamed, bit(ChangeKind::key_renamed));
    add(DifferenceKind::security_changed, bit(ChangeKind::key_security_changed));
    return kinds;
}

Kinds that_pass(const ChangeFilter& filter) {
    Kinds kinds = filter.kinds.empty() ? ~Kinds{0} : Kinds{0};
    for (const ChangeKind kind : filter.kinds) kinds |= bit(kind);
    return filter.values.empty() ? kinds : kinds & kOfValues;
}

void fold_and_sort(std::vector<std::u16string>& texts) {
    for (std::u16string& text : texts) text = fold(text);
    std::sort(texts.begin(), texts.end());
}

void fold_and_sort(std::vector<PathPattern>& patterns) {
    std::vector<std::u16string> texts;
    texts.reserve(patterns.size());
    for (const PathPattern& pattern : patterns) texts.push_back(pattern.text());
    fold_and_sort(texts);
    patterns.clear();
    for (const std::u16string& text : texts) patterns.emplace_back(text);
}

}  // namespace

std::string why_it_reaches_nobody(const WatchSettings& watch) {
    bool all_by_severity = true;
    for (const std::string& action : watch.actions) {
        bool too_low = false;
        Kinds kinds = kinds_of(watch.changes);
        for (const auto& [of, filter] : watch.filters) {
            if (of != action) continue;
            too_low = too_low || filter.severity > watch.severity;
            kinds &= that_pass(filter);
        }
        if (!too_low && kinds != 0) return {};
        all_by_severity = all_by_severity && too_low;
    }
    if (watch.actions.empty()) return {};
    if (all_by_severity)
        return "every \"when\" asks for a higher severity than " +
               in_quotes(name_of(watch.severity));
    return "no kind of change that \"changes\" has passes every \"when\" on its way";
}

WatchSettings without_wording(const WatchSettings& watch) {
    WatchSettings same = watch;
    same.name.clear();
    same.description.clear();
    for (KeyPath& key : same.keys) key.subkey = fold(key.subkey);
    std::sort(same.keys.begin(), same.keys.end(),
              [](const KeyPath& a, const KeyPath& b) { return a.folded() < b.folded(); });
    Selection& selection = same.selection;
    fold_and_sort(selection.include_subkeys);
    fold_and_sort(selection.exclude_subkeys);
    for (auto* values : {&selection.include_values, &selection.exclude_values, &selection.redact})
        fold_and_sort(*values);
    for (auto* texts : {&same.tags, &same.techniques, &same.actions})
        std::sort(texts->begin(), texts->end());
    std::stable_sort(same.filters.begin(), same.filters.end(),
                     [](const auto& a, const auto& b) { return a.action < b.action; });
    for (Expectation& one : same.expect) {
        one.subkey = fold(one.subkey);
        one.value_name = fold(one.value_name);
    }
    std::sort(same.expect.begin(), same.expect.end(), [](const auto& a, const auto& b) {
        return std::tie(a.subkey, a.value_name) < std::tie(b.subkey, b.value_name);
    });
    return same;
}

}  // namespace regwatch
