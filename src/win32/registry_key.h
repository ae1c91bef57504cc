// One open key: what it holds, and the registration for its next change.
//
// Any thread for reading, also several at once; request_signal() on the persistent thread only.
// Owns the handle. Each reading starts from nothing, so there is no state to go stale.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/registry.h"
#include "registry/key_path.h"
#include "win32/handle.h"
#include "win32/ntdll.h"

namespace regwatch::win32 {

class OpenKey final : public RegistryKey {
public:
    // `path` is for messages and for the view; the handle says which key this is.
    OpenKey(const Ntdll& ntdll, KeyHandle handle, KeyPath path);

    Result<KeyInfo> info() override;
    Result<std::vector<Value>> values() override;
    Result<std::vector<SubkeyName>> subkeys() override;
    Result<std::unique_ptr<RegistryKey>> open_subkey(std::u16string_view name) override;
    Result<std::string> security() override;
    Result<std::u16string> native_name() override;
    Result<void> request_signal(Event& event, Scope scope) override;

private:
    [[nodiscard]] Error failure(NtStatus status, const char* doing) const;

    const Ntdll ntdll_;
    const KeyHandle handle_;
    const KeyPath path_;
    std::optional<Scope> scope_;  // of the first registration; persistent thread only
};

// A name with its length, as ntdll takes it. Refers to `text`, and is not moved while it is used.
class CountedName {
public:
    // Nothing for a name that no key or value can have: it is too long.
    static std::optional<CountedName> make(const std::wstring& text, HKEY parent) noexcept;

    void open_link() noexcept;  // the link itself, not what it leads to

    [[nodiscard]] const NtString* string() const noexcept { return &string_; }
    [[nodiscard]] const NtObjectAttributes* attributes() noexcept {
        attributes_.name = &string_;
        return &attributes_;
    }

private:
    NtString string_;
    NtObjectAttributes attributes_;
};

inline constexpr REGSAM kReadingRights = KEY_READ;  // reading and KEY_NOTIFY
// What is opened where the last component is a link: where it leads to, or the link.
enum class Links { followed, opened };

// Opens `name`, one component or several, below an open key. This way a name may hold NULs, and no
// view applies: the names below are where they are.
Result<KeyHandle> open_by_counted_name(const Ntdll& ntdll, HKEY parent, std::u16string_view name,
                                       const KeyPath& path, REGSAM rights = kReadingRights,
                                       Links links = Links::followed);
// By RegOpenKeyExW, with the path's view. The name holds no NUL.
Result<KeyHandle> open_by_name(HKEY parent, std::u16string_view name, const KeyPath& path,
                               REGSAM rights = kReadingRights, Links links = Links::followed);
// The whole path, by whichever of the two ways it needs. Its root is not current_user.
Result<KeyHandle> open_path(const Ntdll& ntdll, const KeyPath& path,
                            REGSAM rights = kReadingRights);

}  // namespace regwatch::win32
