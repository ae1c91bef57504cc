// The name of one registry key: a root that really exists, the path below it, and the view.
//
// A plain value; any thread. Two spellings of one key parse to equal values wherever that can be
// known without asking the system. The registry compares names without regard to case, so keys are
// compared and hashed by `folded()`; what is shown keeps the case it was written in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace regwatch {

// HKEY_CURRENT_USER is not a place but a point of view. It parses to `current_user`, and is
// replaced before anything is opened: by every user's hive in a config, by the caller's own on a
// command line.
enum class Root : std::uint8_t { local_machine, users, current_user };

enum class View : std::uint8_t { bits64, bits32 };

struct KeyPath {
    Root root = Root::local_machine;
    std::u16string subkey;  // components joined by '\', no leading or trailing one; may be empty
    View view = View::bits64;

    // Accepts every spelling that people paste: HKLM\…, HKEY_LOCAL_MACHINE\…, HKLM:\…,
    // Registry::HKEY_…, Computer\HKEY_…, \REGISTRY\MACHINE\…, HKCR\…, HKCU\…, HKCC\…; '/' is part
    // of a name. Fails with `invalid` and a reason that tells how to write it right; a control
    // character is answered with "double the backslash".
    static Result<KeyPath> parse(std::u16string_view text, View view = View::bits64);
    static Result<KeyPath> parse(std::string_view utf8, View view = View::bits64);

    // The same; HKCR is two places, the machine's classes and, as current_user, those of the users.
    static Result<std::vector<KeyPath>> parse_all(std::string_view utf8, View view = View::bits64);

    // "HKLM\SOFTWARE\Example"
    [[nodiscard]] std::u16string text() const;
    [[nodiscard]] std::string utf8() const;  // text(), for messages: escaped, never ill-formed

    // Equal for equal keys: the root and the view spelt out, the rest in one case.
    [[nodiscard]] std::u16string folded() const;

    [[nodiscard]] bool is_root() const noexcept { return subkey.empty(); }
    [[nodiscard]] std::optional<KeyPath> parent() const;
    [[nodiscard]] KeyPath child(std::u16string_view name) const;
    [[nodiscard]] std::vector<std::u16string> components() const;
    [[nodiscard]] std::u16string_view leaf() const;

    // '*' and '?' are legal in a key's name but are always read as a pattern in a config.
    [[nodiscard]] bool has_wildcards() const;

    friend bool operator==(const KeyPath&, const KeyPath&) = default;
};

}  // namespace regwatch
