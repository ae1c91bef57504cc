// The value of a result that has one. One that has none ends the test with its error.
#pragma once

#include <stdexcept>
#include <utility>

#include "base/result.h"

namespace regwatch::test {

template <class T>
T value_of(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().text());
    return std::move(result).value();
}

}  // namespace regwatch::test
