#include "sim/faults.h"

namespace regwatch::sim {
namespace {

// winerror.h; what is not listed there is made up, as an unknown code would be.
std::uint32_t code_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::not_found:
            return 2;
        case ErrorKind::gone:
            return 1018;
        case ErrorKind::denied:
            return 5;
        case ErrorKind::transient:
            return 1450;
        case ErrorKind::invalid:
            return 87;
        case ErrorKind::unsupported:
            return 50;
        case ErrorKind::internal:
            return 59'999;
    }
    return 0;
}

}  // namespace

Error make_error(ErrorKind kind, const char* doing, std::string subject) {
    return {kind, code_of(kind), doing, std::move(subject), name_of(kind)};
}

}  // namespace regwatch::sim
