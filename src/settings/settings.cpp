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
    return same == a;
}

}  // namespace regwatch
