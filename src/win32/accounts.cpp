#include "win32/accounts.h"

#include "win32/handle.h"
#include "win32/text.h"

#include <sddl.h>

namespace regwatch::win32 {
namespace {

std::string look_up(std::u16string_view sid_text) {
    LocalPtr<void> sid;
    if (!ConvertStringSidToSidW(to_wide(sid_text).c_str(), sid.receive())) return {};
    DWORD name_size = 0;
    DWORD domain_size = 0;
    SID_NAME_USE use{};
    // Asks for the sizes; it always fails.
    LookupAccountSidW(nullptr, sid.get(), nullptr, &name_size, nullptr, &domain_size, &use);
    if (GetLastError() != ERROR_INSUFFICIENT_BUFFER) return {};
    std::wstring name(name_size, L'\0');
    std::wstring domain(domain_size, L'\0');
    if (!LookupAccountSidW(nullptr, sid.get(), name.data(), &name_size, domain.data(), &domain_size,
                           &use)) {
        return {};
    }
    name.resize(name_size);
    domain.resize(domain_size);
    return to_utf8(domain.empty() ? name : domain + L"\\" + name);
}

}  // namespace

std::string SystemAccounts::name_of(std::u16string_view sid) {
    const std::u16string key(sid);
    {
        const Lock lock(mutex_);
        if (const auto found = known_.find(key); found != known_.end()) return found->second;
    }
    std::string name = look_up(sid);
    if (name.empty()) return name;
    const Lock lock(mutex_);
    return known_.emplace(key, std::move(name)).first->second;
}

}  // namespace regwatch::win32
