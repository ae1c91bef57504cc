// The registry ports on a simulated kernel. Every call is a switch point.
//
// Any thread; the kernel outlives it.
#pragma once

#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "platform/registry.h"
#include "sim/sim_kernel.h"

namespace regwatch::sim {

class SimRegistry final : public Registry {
public:
    explicit SimRegistry(SimKernel& kernel) : kernel_(kernel) {}
    Result<std::unique_ptr<RegistryKey>> open(const KeyPath& path) override;

private:
    SimKernel& kernel_;
};

class SimKey final : public RegistryKey {
public:
    // The kernel's mutex is held.
    SimKey(SimKernel& kernel, NodePtr node, std::string subject);

    Result<KeyInfo> info() override;
    Result<std::vector<Value>> values() override;
    Result<std::vector<SubkeyName>> subkeys() override;
    Result<std::unique_ptr<RegistryKey>> open_subkey(std::u16string_view name) override;
    Result<std::string> security() override;
    Result<std::u16string> native_name() override;
    Result<void> request_signal(Event& event, Scope scope) override;

    // Destroying one of these closes it and leaves its memory with the kernel, so that a call on a
    // destroyed key is caught in every run, without luck and without a sanitizer.
    void operator delete(SimKey* self, std::destroying_delete_t);

private:
    [[nodiscard]] std::optional<Error> begin(const char* doing) const;
    [[nodiscard]] std::optional<Error> check_alive(const char* doing) const;
    void close();

    SimKernel& kernel_;
    const NodePtr node_;
    const std::string subject_;
    // Guarded by the kernel's mutex.
    Registration registration_;
    bool closed_ = false;
};

}  // namespace regwatch::sim
