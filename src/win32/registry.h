// The registry of this machine behind platform/registry.h.
//
// Any thread; keys are independent of each other and of the Registry that opened them, and may
// outlive it. Names and data are exact: counted lengths all the way, NULs included. A handle that
// refers to a deleted key stays valid and answers ERROR_KEY_DELETED, which is `gone`.
//
// Source of the facts: RegNotifyChangeKeyValue in sdk-api, and ZwEnumerateValueKey in the driver
// kit. Pinned by tests/contract/registry_*_test.cpp.
#pragma once

#include <memory>

#include "platform/registry.h"
#include "win32/ntdll.h"

namespace regwatch::win32 {

class SystemRegistry final : public Registry {
public:
    static Result<std::unique_ptr<SystemRegistry>> create();
    explicit SystemRegistry(const Ntdll& ntdll);

    Result<std::unique_ptr<RegistryKey>> open(const KeyPath& path) override;

private:
    const Ntdll ntdll_;
};

}  // namespace regwatch::win32
