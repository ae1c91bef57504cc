// A registry in front of another one that counts what reading costs: the calls of the system, which
// takes one for each entry of a list and one more for its end.
//
// Any thread. The registry behind it outlives it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "platform/registry.h"

namespace regwatch::test {

class CountingRegistry final : public Registry {
public:
    explicit CountingRegistry(Registry& real) : real_(real) {}

    Result<std::unique_ptr<RegistryKey>> open(const KeyPath& path) override {
        ++calls_;
        return counted(real_.open(path), calls_);
    }
    [[nodiscard]] std::uint64_t calls() const noexcept { return calls_; }

private:
    using Count = std::atomic<std::uint64_t>;

    class Key final : public RegistryKey {
    public:
        Key(std::unique_ptr<RegistryKey> real, Count& calls)
            : real_(std::move(real)), calls_(calls) {}

        Result<KeyInfo> info() override {
            ++calls_;
            return real_->info();
        }
        Result<std::vector<Value>> values() override {
            auto values = real_->values();
            calls_ += values ? values->size() + 1 : 1;
            return values;
        }
        Result<std::vector<SubkeyName>> subkeys() override {
            auto subkeys = real_->subkeys();
            calls_ += subkeys ? subkeys->size() + 1 : 1;
            return subkeys;
        }
        Result<std::unique_ptr<RegistryKey>> open_subkey(std::u16string_view name) override {
            ++calls_;
            return counted(real_->open_subkey(name), calls_);
        }
        Result<std::string> security() override {
            ++calls_;
            return real_->security();
        }
        Result<std::u16string> native_name() override {
            ++calls_;
            return real_->native_name();
        }
        Result<void> request_signal(Event& event, Scope scope) override {
            ++calls_;
            return real_->request_signal(event, scope);
        }

    private:
        const std::unique_ptr<RegistryKey> real_;
        Count& calls_;
    };

    static Result<std::unique_ptr<RegistryKey>> counted(Result<std::unique_ptr<RegistryKey>> key,
                                                        Count& calls) {
        if (!key) return key;
        return std::unique_ptr<RegistryKey>(std::make_unique<Key>(std::move(key).value(), calls));
    }

    Registry& real_;
    Count calls_ = 0;
};

}  // namespace regwatch::test
