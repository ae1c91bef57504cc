// What a fallible operation returns: a value, or an Error that says what was being done and on what.
//
// Any thread. Shaped like std::expected, so that it can be replaced by it one day. There is no
// valueless state. Errors are made where the facts are known and travel unchanged; policy looks at
// `kind`, never at `code`. Texts are UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace regwatch {

// What an error means for the one who meets it. The system's codes are mapped to these once, in
// src/win32/error.cpp.
enum class ErrorKind {
    not_found,    // it does not exist: a state, often no error at all
    gone,         // it existed, and was deleted under the handle that we hold
    denied,       // it exists, and we may not
    transient,    // worth trying again: memory, quota, a lock, a code nobody told us about
    invalid,      // the caller's fault, trying again is useless
    unsupported,  // this system has no such thing
    internal,     // our fault
};

[[nodiscard]] const char* name_of(ErrorKind kind) noexcept;

struct Error {
    ErrorKind kind = ErrorKind::internal;
    std::uint32_t code = 0;  // the system's own number, 0 where there is none
    std::string doing;       // "opening the key"
    std::string subject;     // "HKLM\SOFTWARE\Example"
    std::string reason;      // "access is denied"

    // "opening the key HKLM\SOFTWARE\Example: access is denied (5)"
    [[nodiscard]] std::string text() const;
};

template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    [[nodiscard]] T& value() & { return std::get<0>(state_); }
    [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
    // By value: a reference into a temporary would dangle in `for (x : f().value())`.
    [[nodiscard]] T value() && { return std::get<0>(std::move(state_)); }
    [[nodiscard]] const Error& error() const& { return std::get<1>(state_); }
    [[nodiscard]] Error&& error() && { return std::get<1>(std::move(state_)); }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)), failed_(true) {}

    [[nodiscard]] bool ok() const noexcept { return !failed_; }
    explicit operator bool() const noexcept { return ok(); }
    [[nodiscard]] const Error& error() const& { return error_; }
    [[nodiscard]] Error&& error() && { return std::move(error_); }

private:
    Error error_;
    bool failed_ = false;
};

}  // namespace regwatch
