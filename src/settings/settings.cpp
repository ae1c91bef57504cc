#include "settings/settings.h"

namespace regwatch {

// Written from the other end, so that a field nobody thought of here makes a watch look anew.
bool looks_alike(const WatchSettings& a, const WatchSettings& b) {
    WatchSettings same = b;
    same.keys = a.keys;
    same.severity = a.severity;
    same.tags = a.tags;
    same.techniques = a.techniques;
    same.actions = a.actions;
    same.filters = a.filters;
    same.description = a.description;
    same.mute_at = a.mute_at;
    same.max_value_size = a.max_value_size;
    same.limits = a.limits;
    for (const DifferenceKind kind :
         {DifferenceKind::security_changed, DifferenceKind::key_renamed}) {
        if (a.changes.has(kind) != b.changes.has(kind)) return false;
    }
    same.changes = a.changes;
    return same == a;
}

Renamed renames_told_by(const WatchSettings& watch) {
    return watch.changes.has(DifferenceKind::key_renamed) ? Renamed::told : Renamed::as_two_changes;
}

Extent extent_of(const WatchSettings& watch, const ConcealingKey& key) {
    return {watch.recursive, watch.changes.has(DifferenceKind::security_changed), watch.selection,
            watch.selection.redact.empty() ? std::string() : key.id()};
}

}  // namespace regwatch
