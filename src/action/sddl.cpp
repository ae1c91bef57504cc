#include "action/sddl.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace regwatch {

namespace {

struct KnownSid {
    std::string_view alias;
    std::string_view sid;
    std::string_view name;
};

// The ones that turn up in access lists of files; see "SID Strings" in the SDK.
constexpr KnownSid kKnownSids[] = {
    {"BA", "S-1-5-32-544", "Administrators"},
    {"SY", "S-1-5-18", "SYSTEM"},
    {"BU", "S-1-5-32-545", "Users"},
    {"BG", "S-1-5-32-546", "Guests"},
    {"PU", "S-1-5-32-547", "Power Users"},
    {"SO", "S-1-5-32-549", "Server Operators"},
    {"BO", "S-1-5-32-551", "Backup Operators"},
    {"RD", "S-1-5-32-555", "Remote Desktop Users"},
    {"NO", "S-1-5-32-556", "Network Configuration Operators"},
    {"WD", "S-1-1-0", "Everyone"},
    {"AU", "S-1-5-11", "Authenticated Users"},
    {"IU", "S-1-5-4", "Interactive"},
    {"NU", "S-1-5-2", "Network"},
    {"SU", "S-1-5-6", "Service"},
    {"AN", "S-1-5-7", "Anonymous"},
    {"RC", "S-1-5-12", "Restricted"},
    {"LS", "S-1-5-19", "Local Service"},
    {"NS", "S-1-5-20", "Network Service"},
    {"CO", "S-1-3-0", "Creator Owner"},
    {"CG", "S-1-3-1", "Creator Group"},
    {"OW", "S-1-3-4", "Owner Rights"},
    {"AC", "S-1-15-2-1", "All Application Packages"},
    {"", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", "TrustedInstaller"},
};

struct RightName {
    std::string_view name;
    std::uint32_t bits;
};

constexpr RightName kRightNames[] = {
    {"GA", 0x10000000}, {"GX", 0x20000000}, {"GW", 0x40000000}, {"GR", 0x80000000},
    {"FA", 0x001F01FF}, {"FR", 0x00120089}, {"FW", 0x00120116}, {"FX", 0x001200A0},
    {"KA", 0x000F003F}, {"KR", 0x00020019}, {"KW", 0x00020006}, {"KX", 0x00020019},
    {"SD", 0x00010000}, {"RC", 0x00020000}, {"WD", 0x00040000}, {"WO", 0x00080000},
    {"CC", 0x0001},     {"DC", 0x0002},     {"LC", 0x0004},     {"SW", 0x0008},
    {"RP", 0x0010},     {"WP", 0x0020},     {"DT", 0x0040},     {"LO", 0x0080},
    {"CR", 0x0100},
};

constexpr std::uint32_t kAllRights = 0xFFFFFFFF;

std::string full_sid(std::string_view text) {
    const auto known = std::find_if(std::begin(kKnownSids), std::end(kKnownSids),
                                    [&](const KnownSid& sid) { return sid.alias == text; });
    if (known != std::end(kKnownSids) && !text.empty()) return std::string(known->sid);
    return std::string(text);
}

// What cannot be read counts as every right, since it may be one that matters.
std::uint32_t rights_of(std::string_view text) {
    if (text.starts_with("0x") || text.starts_with("0X")) {
        std::uint32_t bits = 0;
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data() + 2, end, bits, 16);
        return read.ec == std::errc() && read.ptr == end ? bits : kAllRights;
    }
    std::uint32_t bits = 0;
    while (!text.empty()) {
        const std::string_view name = text.substr(0, 2);
        const auto known = std::find_if(std::begin(kRightNames), std::end(kRightNames),
                                        [&](const RightName& right) { return right.name == name; });
        if (known == std::end(kRightNames)) return kAllRights;
        bits |= known->bits;
        text.remove_prefix(name.size());
    }
    return bits;
}

bool has_flag(std::string_view flags, std::string_view flag) {
    for (std::size_t i = 0; i + 1 < flags.size(); i += 2) {
        if (flags.substr(i, 2) == flag) return true;
    }
    return false;
}

AccessEntry::Kind kind_of(std::string_view type) {
    // X and Z are the conditional ones: whether the condition holds is not ours to tell.
    if (type == "A" || type == "OA" || type == "XA" || type == "ZA")
        return AccessEntry::Kind::allow;
    if (type == "D" || type == "OD" || type == "XD") return AccessEntry::Kind::deny;
    return AccessEntry::Kind::other;
}

std::string_view take_until(std::string_view& rest, char end) {
    const std::size_t at = std::min(rest.find(end), rest.size());
    const std::string_view taken = rest.substr(0, at);
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return taken;
}

AccessEntry parse_entry(std::string_view text) {
    AccessEntry entry;
    entry.text = text;
    std::string_view rest = text.substr(1, text.size() - 2);
    entry.kind = kind_of(take_until(rest, ';'));
    entry.inherit_only = has_flag(take_until(rest, ';'), "IO");
    entry.rights = rights_of(take_until(rest, ';'));
    take_until(rest, ';');
    take_until(rest, ';');
    entry.sid = full_sid(take_until(rest, ';'));
    return entry;
}

// One entry with its brackets; conditions have brackets and quoted texts of their own inside.
std::optional<std::string_view> take_entry(std::string_view& rest) {
    std::size_t depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (rest[i] == '"') quoted = !quoted;
        if (quoted) continue;
        if (rest[i] == '(') ++depth;
        if (rest[i] == ')' && --depth == 0) {
            const std::string_view entry = rest.substr(0, i + 1);
            rest.remove_prefix(i + 1);
            return entry;
        }
    }
    return std::nullopt;
}

bool parse_list(std::string_view& rest, std::optional<std::vector<AccessEntry>>& entries) {
    // The flags of the list, such as PAI, up to the first entry or the next part.
    constexpr std::string_view kNoList = "NO_ACCESS_CONTROL";
    std::vector<AccessEntry> found;
    while (!rest.empty() && rest.front() != '(' && !(rest.size() > 1 && rest[1] == ':')) {
        if (rest.starts_with(kNoList)) {
            rest.remove_prefix(kNoList.size());
            return true;
        }
        rest.remove_prefix(1);
    }
    while (!rest.empty() && rest.front() == '(') {
        const auto entry = take_entry(rest);
        if (!entry) return false;
        found.push_back(parse_entry(*entry));
    }
    entries = std::move(found);
    return true;
}

// Up to the letter of the next part.
std::string_view take_sid(std::string_view& rest) {
    const std::size_t colon = rest.find(':');
    const std::size_t end = colon == std::string_view::npos || colon == 0 ? rest.size() : colon - 1;
    const std::string_view sid = rest.substr(0, end);
    rest.remove_prefix(end);
    return sid;
}

}  // namespace

std::optional<SecurityDescriptor> parse_sddl(std::string_view text) {
    SecurityDescriptor descriptor;
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        if (text.size() < 2 || text[1] != ':') return std::nullopt;
        const char part = text.front();
        text.remove_prefix(2);
        std::optional<std::vector<AccessEntry>> ignored;
        switch (part) {
            case 'O':
                descriptor.owner = full_sid(take_sid(text));
                break;
            case 'G':
                take_sid(text);
                break;
            case 'D':
                if (!parse_list(text, descriptor.entries)) return std::nullopt;
                break;
            case 'S':
                if (!parse_list(text, ignored)) return std::nullopt;
                break;
            default:
                return std::nullopt;
        }
    }
    return descriptor;
}

std::string sid_text(std::string_view sid) {
    const auto known = std::find_if(std::begin(kKnownSids), std::end(kKnownSids),
                                    [&](const KnownSid& one) { return one.sid == sid; });
    if (known == std::end(kKnownSids)) return std::string(sid);
    return std::string(sid) + " (" + std::string(known->name) + ")";
}

}  // namespace regwatch
