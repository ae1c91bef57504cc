// RegistryWriter for tests: remembers what it was asked to write, and fails as the test says.
//
// The test's thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/registry_writer.h"
#include "text/utf.h"

namespace regwatch::test {

class MemoryRegistryWriter final : public RegistryWriter {
public:
    // The next call only.
    void fail(Error error) { error_ = std::move(error); }
    void next_set_finds_no_key() {
        fail(Error{ErrorKind::not_found, 2, "setting", "a key", "there is none"});
    }
    // What was done, such as "set Updater".
    [[nodiscard]] const std::vector<std::string>& steps() const { return steps_; }

    Result<void> set_value(const KeyPath&, std::u16string_view name, const ValueData&) override {
        return done("set " + to_utf8(name));
    }
    Result<void> delete_value(const KeyPath&, std::u16string_view name) override {
        return done("delete " + to_utf8(name));
    }
    Result<void> create_key(const KeyPath&) override { return done("create key"); }
    Result<void> delete_key(const KeyPath&) override { return done("delete key"); }

private:
    Result<void> done(std::string step) {
        if (auto error = std::exchange(error_, std::nullopt)) return *std::move(error);
        steps_.push_back(std::move(step));
        return {};
    }

    std::optional<Error> error_;
    std::vector<std::string> steps_;
};

}  // namespace regwatch::test
