#include "base/result.h"

namespace regwatch {

const char* name_of(ErrorKind kind) noexcept {
    switch (kind) {
        case ErrorKind::not_found:
            return "not found";
        case ErrorKind::gone:
            return "gone";
        case ErrorKind::denied:
            return "denied";
        case ErrorKind::transient:
            return "transient";
        case ErrorKind::invalid:
            return "invalid";
        case ErrorKind::unsupported:
            return "unsupported";
        case ErrorKind::internal:
            return "internal";
    }
    return "internal";
}

std::string Error::text() const {
    std::string out = doing;
    if (!subject.empty()) {
        out += out.empty() ? "" : " ";
        out += subject;
    }
    out += ": ";
    out += reason.empty() ? name_of(kind) : reason;
    if (code != 0) out += " (" + std::to_string(code) + ")";
    return out;
}

}  // namespace regwatch
