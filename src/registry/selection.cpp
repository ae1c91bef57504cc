#include "registry/selection.h"

#include <algorithm>

#include "text/fold.h"

namespace regwatch {

const Selection kSelectAll;

Selection::Subkey Selection::subkey(std::u16string_view path) const {
    const auto excluded = [path](const PathPattern& pattern) { return pattern.matches(path); };
    if (std::any_of(exclude_subkeys.begin(), exclude_subkeys.end(), excluded)) {
        return Subkey::left_out;
    }
    bool wanted = include_subkeys.empty();
    bool passed = false;
    for (const PathPattern& pattern : include_subkeys) {
        const PathPattern::Fit fit = pattern.fit(path);
        wanted = wanted || fit.above;
        passed = passed || fit.below;
    }
    if (!wanted && !passed) return Subkey::left_out;
    const auto depth = 1 + static_cast<std::size_t>(std::count(path.begin(), path.end(), u'\\'));
    if (depth > max_depth) return wanted ? Subkey::named : Subkey::left_out;
    return wanted ? Subkey::read : Subkey::passed;
}

bool Selection::reads(std::u16string_view path) const {
    for (std::size_t end = path.find(u'\\'); end != std::u16string_view::npos;
         end = path.find(u'\\', end + 1)) {
        const Subkey above = subkey(path.substr(0, end));
        if (above == Subkey::left_out || above == Subkey::named) return false;
    }
    return subkey(path) == Subkey::read;
}

bool Selection::wants_value(std::u16string_view name) const {
    return (include_values.empty() || fits_value_name(include_values, name)) &&
           !fits_value_name(exclude_values, name);
}

bool Selection::redacts(std::u16string_view name) const { return fits_value_name(redact, name); }

void Selection::keep_wanted(std::vector<Value>& values, const ConcealingKey& key) const {
    if (takes_all_values()) return;
    std::erase_if(values, [&](const Value& value) { return !wants_value(value.name); });
    for (Value& value : values) {
        if (redacts(value.name)) value.data = conceal(value.data, key);
    }
}

bool fits_value_name(const std::vector<std::u16string>& globs, std::u16string_view name) {
    const std::u16string_view shown = name.empty() ? u"(Default)" : name;
    return std::any_of(globs.begin(), globs.end(), [&](const std::u16string& glob) {
        return matches_glob(glob, name) || (name.empty() && equal_folded(glob, shown));
    });
}

}  // namespace regwatch
