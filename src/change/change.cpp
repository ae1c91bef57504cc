#include "change/change.h"

namespace regwatch {

const char* name_of(Detection detection) noexcept {
    switch (detection) {
        case Detection::notify:
            return "notify";
        case Detection::sweep:
            return "sweep";
        case Detection::startup:
            return "startup";
        case Detection::hive_load:
            return "hive_load";
        case Detection::reload:
            return "reload";
    }
    return "unknown";
}

KeyPath key_after(const Change& change) {
    if (change.kind != DifferenceKind::key_renamed) return change.key;
    const auto parent = change.key.parent();
    return parent ? parent->child(change.new_name) : change.key;
}

}  // namespace regwatch
