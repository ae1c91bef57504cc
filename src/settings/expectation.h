// A state of one value that a watch expects, as the config writes it.
//
// A plain value; any thread.
#pragma once

#include <optional>
#include <string>

#include "registry/value.h"

namespace regwatch {

struct Expectation {
    std::u16string subkey;          // below each key of the watch; empty: the key itself
    std::u16string value_name;      // empty: the default value
    std::optional<ValueData> data;  // nothing: there must be no such value

    friend bool operator==(const Expectation&, const Expectation&) = default;
};

}  // namespace regwatch
