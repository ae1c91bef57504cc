// Changes keys for the contract suite: the scratch key of this process, in both views.
//
// Used by the test's thread. By ntdll and relative to the scratch key, because names may hold NULs.
// The destructor removes what was made.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "contract/subject.h"
#include "win32/handle.h"
#include "win32/ntdll.h"

namespace regwatch::test {

class Win32RegistryEditor final : public RegistryEditor {
public:
    Win32RegistryEditor();
    ~Win32RegistryEditor() override;

    [[nodiscard]] KeyPath path(std::u16string_view key, View view) const override;
    void create_key(std::u16string_view key, View view) override;
    void set_value(std::u16string_view key, std::u16string_view name,
                   const ValueData& data) override;
    void delete_value(std::u16string_view key, std::u16string_view name) override;
    void delete_key(std::u16string_view key) override;
    void rename_key(std::u16string_view key, std::u16string_view new_leaf) override;
    void deny(std::u16string_view key) override;
    void allow(std::u16string_view key) override;
    void set_permissions(std::u16string_view key) override;

private:
    [[nodiscard]] win32::KeyHandle open(std::u16string_view key, View view,
                                        ACCESS_MASK access) const;
    void set_access(std::u16string_view key, const wchar_t* sddl);
    void delete_tree(HKEY parent, std::u16string_view name);
    void check(win32::NtStatus status, const char* doing) const;

    const win32::Ntdll ntdll_;
    const std::u16string name_;  // below SOFTWARE
    std::set<std::u16string> denied_;
};

}  // namespace regwatch::test
