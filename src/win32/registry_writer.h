// The writing side of this machine's registry, behind platform/registry_writer.h.
//
// Any thread; holds nothing between two calls. By counted names all the way, like win32/registry.h.
#pragma once

#include <memory>

#include "platform/registry_writer.h"
#include "win32/ntdll.h"

namespace regwatch::win32 {

class SystemRegistryWriter final : public RegistryWriter {
public:
    static Result<std::unique_ptr<SystemRegistryWriter>> create();
    explicit SystemRegistryWriter(const Ntdll& ntdll);

    Result<void> set_value(const KeyPath& key, std::u16string_view name,
                           const ValueData& data) override;
    Result<void> delete_value(const KeyPath& key, std::u16string_view name) override;
    Result<void> create_key(const KeyPath& key) override;
    Result<void> delete_key(const KeyPath& key) override;

private:
    const Ntdll ntdll_;
};

}  // namespace regwatch::win32
