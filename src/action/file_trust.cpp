#include "action/file_trust.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "action/sddl.h"

namespace regwatch {

namespace {

constexpr std::string_view kSystem = "S-1-5-18";
constexpr std::string_view kAdministrators = "S-1-5-32-544";
constexpr std::string_view kTrustedInstaller =
    "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";

// As winnt.h names them for files and folders.
constexpr std::uint32_t kWriteData = 0x2;  // of a folder: add a file
constexpr std::uint32_t kAppendData = 0x4;
constexpr std::uint32_t kWriteExtended = 0x10;
constexpr std::uint32_t kDeleteChild = 0x40;
constexpr std::uint32_t kWriteAttributes = 0x100;
constexpr std::uint32_t kDelete = 0x10000;
constexpr std::uint32_t kWriteAccess = 0x40000;
constexpr std::uint32_t kWriteOwner = 0x80000;
constexpr std::uint32_t kGenericAll = 0x10000000;
constexpr std::uint32_t kGenericWrite = 0x40000000;

constexpr std::uint32_t kTakeOver = kDelete | kWriteAccess | kWriteOwner | kGenericAll;

std::uint32_t dangerous_rights(PlaceRole role) {
    switch (role) {
        case PlaceRole::file:
            return kTakeOver | kWriteData | kAppendData | kWriteExtended | kWriteAttributes |
                   kGenericWrite;
        case PlaceRole::folder:
            return kTakeOver | kWriteData | kDeleteChild | kGenericWrite;
        case PlaceRole::folder_above:
            return kTakeOver | kDeleteChild;
    }
    return 0xFFFFFFFF;
}

bool is_trusted(std::string_view sid) {
    return sid == kSystem || sid == kAdministrators || sid == kTrustedInstaller;
}

bool speaks_of_the_owner(std::string_view sid) { return sid.starts_with("S-1-3-"); }

std::string repair(const SecuredPlace& place, PlaceRole role) {
    const char* const rights = role == PlaceRole::file ? "F" : "(OI)(CI)F";
    return "repair it with: icacls \"" + place.path + "\" /inheritance:r /grant:r *" +
           std::string(kSystem) + ":" + rights + " *" + std::string(kAdministrators) + ":" + rights;
}

}  // namespace

std::string complaint_about(const SecuredPlace& place, PlaceRole role) {
    if (place.is_link && role == PlaceRole::file) {
        return place.path + " is a link; name the file itself";
    }
    const auto descriptor = parse_sddl(place.sddl);
    if (!descriptor) return "who may write to " + place.path + " cannot be told: " + place.sddl;
    if (!is_trusted(descriptor->owner)) {
        const std::string owner =
            descriptor->owner.empty() ? "nobody" : sid_text(descriptor->owner);
        return place.path + " is owned by " + owner +
               ", who is no administrator; repair it with: " + "icacls \"" + place.path +
               "\" /setowner *" + std::string(kAdministrators);
    }
    if (!descriptor->entries) {
        return place.path + " has no access list, so that everybody may write to it; " +
               repair(place, role);
    }
    const std::uint32_t dangerous = dangerous_rights(role);
    const auto& entries = *descriptor->entries;
    const auto bad = std::find_if(entries.begin(), entries.end(), [&](const AccessEntry& entry) {
        return entry.kind == AccessEntry::Kind::allow && !entry.inherit_only &&
               (entry.rights & dangerous) != 0 && !is_trusted(entry.sid) &&
               !speaks_of_the_owner(entry.sid);
    });
    if (bad == entries.end()) return {};
    return place.path + " may be changed by " + sid_text(bad->sid) + " (entry " + bad->text +
           "); " + repair(place, role);
}

std::string complaint_about(const std::vector<SecuredPlace>& places, PlaceRole first) {
    PlaceRole role = first;
    for (const SecuredPlace& place : places) {
        std::string complaint = complaint_about(place, role);
        if (!complaint.empty()) return complaint;
        role = role == PlaceRole::file ? PlaceRole::folder : PlaceRole::folder_above;
    }
    return {};
}

}  // namespace regwatch
