#include "e2e/registry.h"

#include <catch2/catch_test_macros.hpp>

#include "win32/handle.h"
#include "win32/text.h"
#include "win32/windows.h"

#include <sddl.h>

namespace regwatch::e2e {
namespace {

LSTATUS set_access(HKEY key, const wchar_t* sddl) {
    win32::LocalPtr<void> descriptor;
    REQUIRE(::ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl, SDDL_REVISION_1,
                                                                   descriptor.receive(), nullptr));
    return ::RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, descriptor.get());
}

}  // namespace

std::wstring below_root(const std::string& key) {
    REQUIRE(key.starts_with("HKLM\\"));
    return win32::to_wide(key.substr(5));
}

std::optional<std::string> registry_text(const std::string& key, const std::string& value) {
    std::wstring text(4096, L'\0');
    auto size = static_cast<DWORD>(text.size() * sizeof(wchar_t));
    const LSTATUS code = ::RegGetValueW(
        HKEY_LOCAL_MACHINE, below_root(key).c_str(), win32::to_wide(value).c_str(),
        RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND, nullptr, text.data(), &size);
    if (code != ERROR_SUCCESS) return std::nullopt;
    return win32::to_utf8(text.c_str());
}

std::optional<std::uint32_t> registry_number(const std::string& key, const std::string& value) {
    DWORD number = 0;
    DWORD size = sizeof number;
    const LSTATUS code =
        ::RegGetValueW(HKEY_LOCAL_MACHINE, below_root(key).c_str(), win32::to_wide(value).c_str(),
                       RRF_RT_REG_DWORD, nullptr, &number, &size);
    if (code != ERROR_SUCCESS) return std::nullopt;
    return number;
}

struct ReadingDenied::Parts {
    win32::KeyHandle key;  // opened before, with the right to give access back
};

ReadingDenied::ReadingDenied(const std::string& key) : parts_(std::make_unique<Parts>()) {
    REQUIRE(::RegOpenKeyExW(HKEY_LOCAL_MACHINE, below_root(key).c_str(), 0, WRITE_DAC,
                            parts_->key.receive()) == ERROR_SUCCESS);
    REQUIRE(set_access(parts_->key.get(), L"D:P(D;;KR;;;WD)(A;;KA;;;WD)") == ERROR_SUCCESS);
}

ReadingDenied::~ReadingDenied() { set_access(parts_->key.get(), L"D:P(A;;KA;;;WD)"); }

}  // namespace regwatch::e2e
