#include "change/change.h"

namespace regwatch {

const char* name_of(Severity severity) noexcept {
    switch (severity) {
        case Severity::info:
            return "info";
        case Severity::low:
            return "low";
        case Severity::medium:
            return "medium";
        case Severity::high:
            return "high";
        case Severity::critical:
            return "critical";
    }
    return "unknown";
}

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

}  // namespace regwatch
