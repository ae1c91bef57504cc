#include "registry/value_list.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "registry/sorting.h"

namespace regwatch {
namespace {

struct Header {
    std::uint32_t type;
    std::uint32_t name_units;
    std::uint32_t data_bytes;
};
constexpr std::size_t kHeaderUnits = sizeof(Header) / sizeof(char16_t);

std::size_t units_of(std::size_t bytes) { return (bytes + 1) / sizeof(char16_t); }

std::size_t units_of(const Header& header) {
    return kHeaderUnits + header.name_units + units_of(header.data_bytes);
}

Header header_at(const char16_t* at) {
    Header header{};
    std::memcpy(&header, at, sizeof header);
    return header;
}

Header header_of(const Value& value) {
    return {static_cast<std::uint32_t>(value.data.type),
            static_cast<std::uint32_t>(value.name.size()),
            static_cast<std::uint32_t>(value.data.bytes.size())};
}

}  // namespace

bool operator==(const ValueDataView& a, const ValueDataView& b) noexcept {
    return a.type == b.type &&
           std::equal(a.bytes.begin(), a.bytes.end(), b.bytes.begin(), b.bytes.end());
}

ValueView ValueList::Iterator::operator*() const noexcept {
    const Header header = header_at(at_);
    const char16_t* const name = at_ + kHeaderUnits;
    const auto* const data = reinterpret_cast<const std::uint8_t*>(name + header.name_units);
    return {{name, header.name_units},
            {static_cast<ValueType>(header.type), {data, header.data_bytes}}};
}

ValueList::Iterator& ValueList::Iterator::operator++() noexcept {
    at_ += units_of(header_at(at_));
    return *this;
}

ValueList::ValueList(const std::vector<Value>& values) { pack(values); }

ValueList::ValueList(std::initializer_list<Value> values) { pack({values.begin(), values.size()}); }

// The block is made in its exact size: what it had to spare would be spare for as long as it lives.
void ValueList::pack(std::span<const Value> values) {
    std::size_t size = 0;
    for (const Value& value : values) size += units_of(header_of(value));
    std::vector<char16_t> units(size);
    char16_t* at = units.data();
    for (const Value& value : values) {
        const Header header = header_of(value);
        std::memcpy(at, &header, sizeof header);
        char16_t* const name = at + kHeaderUnits;
        std::copy(value.name.begin(), value.name.end(), name);
        if (header.data_bytes != 0) {
            std::memcpy(name + header.name_units, value.data.bytes.data(), header.data_bytes);
        }
        at += units_of(header);
    }
    units_ = std::move(units);
    count_ = values.size();
}

ValueView ValueList::operator[](std::size_t index) const noexcept {
    return *std::next(begin(), static_cast<std::ptrdiff_t>(index));
}

void ValueList::sort() {
    bool in_order = true;
    ValueView last;
    for (Iterator at = begin(); at != end(); ++at) {
        in_order = in_order && (at == begin() || last.name < (*at).name);
        last = *at;
    }
    if (in_order) return;
    std::vector<Value> values(begin(), end());
    sort_and_keep_the_last(values);
    pack(values);
}

}  // namespace regwatch
