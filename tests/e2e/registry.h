// What a test wants to know of the registry, and who may read it. Below HKEY_LOCAL_MACHINE.
//
// On the test's own thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace regwatch::e2e {

// "HKLM\\SOFTWARE\\X" as the API has it below that root.
[[nodiscard]] std::wstring below_root(const std::string& key);

// Of a REG_SZ or REG_EXPAND_SZ, as it stands there; nothing when there is none.
[[nodiscard]] std::optional<std::string> registry_text(const std::string& key,
                                                       const std::string& value);
[[nodiscard]] std::optional<std::uint32_t> registry_number(const std::string& key,
                                                           const std::string& value);

// While it lives, nobody may read the key; then everybody may do everything again.
class ReadingDenied {
public:
    explicit ReadingDenied(const std::string& key);
    ~ReadingDenied();
    ReadingDenied(const ReadingDenied&) = delete;
    ReadingDenied& operator=(const ReadingDenied&) = delete;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace regwatch::e2e
