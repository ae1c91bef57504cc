#include "state/make_change.h"

#include <algorithm>

#include "registry/concealed.h"

namespace regwatch {
namespace {

std::optional<ChangeData> handed_on(const WatchSettings& watch, const Difference& difference,
                                    const std::optional<ValueData>& data) {
    if (!data) return std::nullopt;
    if (difference.concealed || watch.selection.redacts(difference.value_name)) {
        return redacted(data->type, concealed_size(*data));
    }
    return truncated_to(static_cast<std::size_t>(watch.max_value_size), *data);
}

// Keys that are only on the way to those that are wanted come and go unsaid. With its new name such a
// key takes along what is wanted below it, and nothing else tells of that.
bool is_wanted(const WatchSettings& watch, const Difference& difference) {
    if (!watch.changes.has(difference.kind)) return false;
    return difference.key.empty() || difference.kind == DifferenceKind::key_renamed ||
           watch.selection.subkey(difference.key) != Selection::Subkey::passed;
}

}  // namespace

std::optional<Change> make_change(const FoundState& found, const Difference& difference) {
    const WatchSettings& watch = *found.watch;
    if (!is_wanted(watch, difference)) return std::nullopt;
    Change change;
    change.kind = difference.kind;
    change.key = difference.key.empty() ? *found.key : found.key->child(difference.key);
    change.value_name = difference.value_name;
    change.before = handed_on(watch, difference, difference.before);
    change.after = handed_on(watch, difference, difference.after);
    change.new_name = difference.new_name;
    change.security_before = difference.security_before;
    change.security_after = difference.security_after;
    change.control_set = found.control_set;
    change.detection = found.detection;
    change.detected_at = found.at;
    // A clock that was set back must not turn the bounds around.
    change.not_before = std::min(found.previous, found.at);
    change.key_last_write = difference.last_write;
    change.watch = watch.name;
    change.tags = watch.tags;
    change.techniques = watch.techniques;
    change.severity = watch.severity;
    return change;
}

Extent extent_of(const FoundState& found) {
    return found.is_news ? extent_of(*found.watch, found.concealed_with) : Extent{};
}

}  // namespace regwatch
