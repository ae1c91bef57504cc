#include "watch/make_change.h"

#include <utility>

#include "registry/concealed.h"

namespace regwatch {
namespace {

std::optional<ChangeData> handed_on(const WatchSettings& watch, const std::u16string& name,
                                    std::optional<ValueData>&& data) {
    if (!data) return std::nullopt;
    if (watch.selection.redacts(name)) return redacted(data->type, concealed_size(*data));
    return truncated_to(static_cast<std::size_t>(watch.max_value_size), *std::move(data));
}

// Keys that are only on the way to those that are wanted come and go unsaid.
bool is_wanted(const WatchSettings& watch, const Difference& difference) {
    if (!watch.changes.has(difference.kind)) return false;
    return difference.key.empty() ||
           watch.selection.subkey(difference.key) != Selection::Subkey::passed;
}

}  // namespace

std::optional<Change> make_change(const WatchSettings& watch, const KeyPath& key, const Look& look,
                                  Difference&& difference) {
    if (!is_wanted(watch, difference)) return std::nullopt;
    Change change;
    change.kind = difference.kind;
    change.key = difference.key.empty() ? key : key.child(difference.key);
    change.before = handed_on(watch, difference.value_name, std::move(difference.before));
    change.after = handed_on(watch, difference.value_name, std::move(difference.after));
    change.value_name = std::move(difference.value_name);
    change.control_set = look.control_set;
    change.detection = look.detection;
    change.detected_at = look.at;
    change.not_before = look.previous;
    change.key_last_write = difference.last_write;
    change.watch = watch.name;
    change.tags = watch.tags;
    change.techniques = watch.techniques;
    change.severity = watch.severity;
    return change;
}

}  // namespace regwatch
