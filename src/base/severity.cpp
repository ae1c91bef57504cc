#include "base/severity.h"

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

}  // namespace regwatch
