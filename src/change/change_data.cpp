#include "change/change_data.h"

#include <utility>

#include "text/sha256.h"

namespace regwatch {
namespace {

constexpr std::size_t kWidestUnit = 8;

// A high surrogate at the end has lost its second half.
bool ends_in_half_a_pair(const Bytes& bytes) {
    return bytes.size() >= 2 && (bytes.back() & 0xFC) == 0xD8;
}

bool is_text(ValueType type) {
    return type == ValueType::sz || type == ValueType::expand_sz || type == ValueType::link ||
           type == ValueType::multi_sz;
}

}  // namespace

ChangeData truncated_to(std::size_t limit, ValueData data) {
    ChangeData kept(std::move(data));
    if (kept.bytes.size() <= limit) return kept;
    kept.sha256 = sha256(kept.bytes);
    kept.bytes.resize(limit - limit % kWidestUnit);
    if (is_text(kept.type) && ends_in_half_a_pair(kept.bytes)) {
        kept.bytes.resize(kept.bytes.size() - 2);
    }
    kept.bytes.shrink_to_fit();
    return kept;
}

ChangeData redacted(ValueType type, std::uint64_t size) {
    ChangeData nothing;
    nothing.type = type;
    nothing.size = size;
    nothing.redacted = true;
    return nothing;
}

}  // namespace regwatch
