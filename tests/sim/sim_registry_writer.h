// The writing port on a simulated kernel. Every call is a switch point.
//
// Any thread; the kernel outlives it.
#pragma once

#include <functional>

#include "platform/registry_writer.h"
#include "sim/sim_kernel.h"

namespace regwatch::sim {

class SimRegistryWriter final : public RegistryWriter {
public:
    explicit SimRegistryWriter(SimKernel& kernel) : kernel_(kernel) {}

    Result<void> set_value(const KeyPath& key, std::u16string_view name,
                           const ValueData& data) override;
    Result<void> delete_value(const KeyPath& key, std::u16string_view name) override;
    Result<void> create_key(const KeyPath& key) override;
    Result<void> delete_key(const KeyPath& key) override;

    // Before a call that has set a value returns; fixed before the first call.
    std::function<void()> on_value_set = [] {};

private:
    // What every call begins with; on return another thread may have run.
    Result<void> begin(const char* doing, const KeyPath& key);

    SimKernel& kernel_;
};

}  // namespace regwatch::sim
