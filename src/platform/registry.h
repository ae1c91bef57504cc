// Port: the registry, for reading and for being told of changes. Never for writing.
//
// Implemented by src/win32/registry.cpp and by the simulated kernels of tests/sim; the contract suite
// in tests/contract runs on both. Any thread may call, unless a line below says otherwise. Errors name
// the key. `not_found` is an answer, not a failure.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "registry/key_path.h"
#include "registry/value.h"

namespace regwatch {

class Event;

// What a registration reports. Fixed for the life of an open key: the system keeps the first one
// asked for on a handle and ignores a different one later.
enum class Scope : std::uint8_t {
    names,    // subkeys created and deleted directly below the key
    key,      // the same, and the key's own values and security
    subtree,  // names, values and security, at every depth
};

struct KeyInfo {
    WallTime last_write{};
    std::uint32_t subkey_count = 0;
    std::uint32_t value_count = 0;
};

struct SubkeyName {
    std::u16string name;
    WallTime last_write{};
};

// One open key. Closing it (the destructor) may signal the event of an outstanding registration.
class RegistryKey {
public:
    virtual ~RegistryKey() = default;

    // Each of these answers `gone` once the key was deleted, also when a new key has its name now.
    virtual Result<KeyInfo> info() = 0;
    // In the system's order. Whole values: a value that grows while it is read is read again. An
    // entry that vanishes in between may shift others; the caller notices by info().
    virtual Result<std::vector<Value>> values() = 0;
    virtual Result<std::vector<SubkeyName>> subkeys() = 0;
    // A link is opened itself, not what it leads to: it is a key whose value SymbolicLinkValue, of the
    // type link, says where.
    virtual Result<std::unique_ptr<RegistryKey>> open_subkey(std::u16string_view name) = 0;
    // Owner, group and who may do what, as SDDL. `denied` when that may not be read.
    virtual Result<std::string> security() = 0;
    // The system's own full name of this very key at this moment. It differs from an earlier answer
    // when the key, or one above it, was renamed.
    virtual Result<std::u16string> native_name() = 0;

    // Asks for one signal of `event` at the next change within `scope`, and clears the event. Only on
    // the persistent thread. One registration may be outstanding per open key. The event outlives
    // the key.
    virtual Result<void> request_signal(Event& event, Scope scope) = 0;
};

class Registry {
public:
    virtual ~Registry() = default;

    // With the rights to read and to be notified, nothing else; never creates. Links are followed.
    // `root` must not be current_user.
    virtual Result<std::unique_ptr<RegistryKey>> open(const KeyPath& path) = 0;
};

}  // namespace regwatch
