// A registry for tests that write to it: keys and their values, what was done to them, and failures as
// the test says. It can be read too, but tells nobody of changes.
//
// The test's thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "change/change.h"
#include "platform/registry.h"
#include "platform/registry_writer.h"
#include "text/fold.h"
#include "text/utf.h"

namespace regwatch::test {

class MemoryRegistryWriter final : public RegistryWriter, public Registry {
public:
    // The next writing only.
    void fail(Error error) { error_ = std::move(error); }
    // The next reading only.
    void fail_open(Error error) { open_error_ = std::move(error); }
    // What was written, such as "set Updater".
    [[nodiscard]] const std::vector<std::string>& steps() const { return steps_; }

    // Somebody else has made this change.
    void undergo(const Change& change) {
        if (change.kind == DifferenceKind::key_deleted) {
            keys_.erase(change.key.folded());
            return;
        }
        Values& values = keys_[change.key.folded()];
        if (change.kind == DifferenceKind::key_created) return;
        values.erase(fold(change.value_name));
        if (change.after) values[fold(change.value_name)] = {change.value_name, *change.after};
    }
    // Nothing: there is no such value.
    [[nodiscard]] std::optional<ValueData> data_of(const KeyPath& key,
                                                   std::u16string_view name) const {
        const auto values = keys_.find(key.folded());
        if (values == keys_.end()) return std::nullopt;
        const auto value = values->second.find(fold(name));
        if (value == values->second.end()) return std::nullopt;
        return value->second.data;
    }
    [[nodiscard]] bool has_key(const KeyPath& key) const { return keys_.contains(key.folded()); }

    Result<void> set_value(const KeyPath& key, std::u16string_view name,
                           const ValueData& data) override {
        if (auto error = take(error_)) return *std::move(error);
        if (!has_key(key)) return missing(key);
        keys_[key.folded()][fold(name)] = {std::u16string(name), data};
        return done("set " + to_utf8(name));
    }
    Result<void> delete_value(const KeyPath& key, std::u16string_view name) override {
        if (auto error = take(error_)) return *std::move(error);
        if (!has_key(key) || keys_[key.folded()].erase(fold(name)) == 0) return missing(key);
        return done("delete " + to_utf8(name));
    }
    Result<void> create_key(const KeyPath& key) override {
        if (auto error = take(error_)) return *std::move(error);
        keys_[key.folded()];
        return done("create key");
    }
    Result<void> delete_key(const KeyPath& key) override {
        if (auto error = take(error_)) return *std::move(error);
        if (keys_.erase(key.folded()) == 0) return missing(key);
        return done("delete key");
    }

    Result<std::unique_ptr<RegistryKey>> open(const KeyPath& path) override {
        if (auto error = take(open_error_)) return *std::move(error);
        if (!has_key(path)) return missing(path);
        return std::unique_ptr<RegistryKey>(std::make_unique<Key>(keys_[path.folded()]));
    }

private:
    using Values = std::map<std::u16string, Value>;  // by folded name

    class Key final : public RegistryKey {
    public:
        explicit Key(Values values) : values_(std::move(values)) {}
        Result<KeyInfo> info() override {
            return KeyInfo{{}, 0, static_cast<std::uint32_t>(values_.size())};
        }
        Result<std::vector<Value>> values() override {
            std::vector<Value> all;
            for (const auto& [name, value] : values_) all.push_back(value);
            return all;
        }
        Result<std::vector<SubkeyName>> subkeys() override { return std::vector<SubkeyName>{}; }
        Result<std::unique_ptr<RegistryKey>> open_subkey(std::u16string_view) override {
            return no_such_thing();
        }
        Result<std::string> security() override { return no_such_thing(); }
        Result<std::u16string> native_name() override { return no_such_thing(); }
        Result<void> request_signal(Event&, Scope) override { return no_such_thing(); }

    private:
        static Error no_such_thing() { return {ErrorKind::unsupported, 0, "asking", "a key", ""}; }
        const Values values_;
    };

    static Error missing(const KeyPath& key) {
        return {ErrorKind::not_found, 2, "opening", key.utf8(), "there is none"};
    }
    static std::optional<Error> take(std::optional<Error>& error) {
        return std::exchange(error, std::nullopt);
    }
    Result<void> done(std::string step) {
        steps_.push_back(std::move(step));
        return {};
    }

    std::map<std::u16string, Values> keys_;  // by folded path
    std::optional<Error> error_;
    std::optional<Error> open_error_;
    std::vector<std::string> steps_;
};

}  // namespace regwatch::test
