// The values of one key, in one block of memory: what a snapshot keeps of them.
//
// A hundred thousand values kept one by one cost several times their content in bookkeeping; here each
// costs twelve bytes more than its name and its data. Made whole from a list of values and not
// changed afterwards; read from the front to the back. What is read are views, which live as long as
// the list; each of them turns into the plain value where one is wanted. A value; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

#include "registry/value.h"

namespace regwatch {

struct ValueDataView {
    ValueType type = ValueType::none;
    std::span<const std::uint8_t> bytes;

    operator ValueData() const {  // NOLINT(google-explicit-constructor): the same data, kept
        return {type, Bytes(bytes.begin(), bytes.end())};
    }
    friend bool operator==(const ValueDataView& a, const ValueDataView& b) noexcept;
};

struct ValueView {
    std::u16string_view name;
    ValueDataView data;

    operator Value() const {  // NOLINT(google-explicit-constructor): the same value, kept
        return {std::u16string(name), data};
    }
};

class ValueList {
public:
    class Iterator {
    public:
        using iterator_category = std::input_iterator_tag;  // what it points at is made on the way
        using value_type = ValueView;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = ValueView;

        Iterator() = default;
        explicit Iterator(const char16_t* at) : at_(at) {}
        ValueView operator*() const noexcept;
        Iterator& operator++() noexcept;
        Iterator operator++(int) noexcept {
            const Iterator before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(const Iterator&, const Iterator&) = default;

    private:
        const char16_t* at_ = nullptr;
    };

    ValueList() = default;
    ValueList(const std::vector<Value>& values);     // NOLINT(google-explicit-constructor)
    ValueList(std::initializer_list<Value> values);  // NOLINT(google-explicit-constructor)

    [[nodiscard]] Iterator begin() const noexcept { return Iterator(units_.data()); }
    [[nodiscard]] Iterator end() const noexcept { return Iterator(units_.data() + units_.size()); }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    // Walks there.
    [[nodiscard]] ValueView operator[](std::size_t index) const noexcept;

    // By name, code unit by code unit; of values with one name the last is kept.
    void sort();

    // Byte for byte, in the same order.
    friend bool operator==(const ValueList&, const ValueList&) = default;

    [[nodiscard]] std::size_t heap_bytes() const noexcept {
        return units_.capacity() * sizeof(char16_t);
    }

private:
    void pack(std::span<const Value> values);

    std::size_t count_ = 0;
    // For each value its type and the sizes of its name and its data, then the one and the other. In
    // units of 16 bits, so that names can be viewed where they are; data ends on a whole unit.
    std::vector<char16_t> units_;
};

}  // namespace regwatch
