// A security descriptor from the text that the system makes of it (SDDL), as far as it says who may
// write to a file.
//
// Pure; any thread. What is not understood is kept as such, so that whoever decides can be careful.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace regwatch {

struct AccessEntry {
    enum class Kind {
        allow,
        deny,
        other
    };  // other: audit, labels and the like, which grant nothing
    Kind kind = Kind::other;
    bool inherit_only = false;  // says nothing about the place itself
    std::uint32_t rights = 0;
    std::string sid;   // "S-1-5-32-544"; what stands for it where the short form is not known
    std::string text;  // "(A;;FA;;;BA)"
};

struct SecurityDescriptor {
    std::string owner;                                // a SID; empty: none is told
    std::optional<std::vector<AccessEntry>> entries;  // nothing: no list, so that all may do all
};

// Nothing when the text is no security descriptor.
[[nodiscard]] std::optional<SecurityDescriptor> parse_sddl(std::string_view text);

// "S-1-5-32-545 (Users)" where the SID has a well-known name.
[[nodiscard]] std::string sid_text(std::string_view sid);

}  // namespace regwatch
