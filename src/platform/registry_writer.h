// Port: writing to the registry, for what puts an old state back. Watching never needs it.
//
// Implemented by src/win32/registry_writer.cpp and by tests/sim; the contract suite runs on both.
// Any thread. Errors name the key. `root` must not be current_user. Names and data are written
// exactly as they are given. Keys are opened for one call and with no more rights than it needs.
#pragma once

#include <string_view>

#include "base/result.h"
#include "registry/key_path.h"
#include "registry/value.h"

namespace regwatch {

class RegistryWriter {
public:
    virtual ~RegistryWriter() = default;

    // `not_found` when there is no such key: writing a value never creates one.
    virtual Result<void> set_value(const KeyPath& key, std::u16string_view name,
                                   const ValueData& data) = 0;
    // `not_found` when there is no such key or value.
    virtual Result<void> delete_value(const KeyPath& key, std::u16string_view name) = 0;
    // With those above it that are missing. One that is there already is left as it is.
    virtual Result<void> create_key(const KeyPath& key) = 0;
    // With its values. `denied` when it has subkeys: what is below a key is never deleted unseen.
    virtual Result<void> delete_key(const KeyPath& key) = 0;
};

}  // namespace regwatch
